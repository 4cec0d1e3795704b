# Somebody's file where ours is to be: kept for as long as ours is there.
keep_displaced() {
  while read -r path; do
    must "$home/displaced" mkdir -p "$home/displaced$(dirname "$path")"
    rm -f "$home/displaced$path"
    must "$home/displaced$path" cp -pP "$home/previous/tree$path" "$home/displaced$path"
  done <"$stage/adopted"
}

displaced() { present "$home/displaced$1"; }

# Those whose place is not ours by the manifest.
drop_displaced() {
  [ -d "$home/displaced" ] || return 0
  (cd "$home/displaced" && find . \( -type f -o -type l \) | sed 's/^\.//') | while read -r path; do
    owned "$path" || rm -f "$home/displaced$path"
  done
  find "$home/displaced" -depth -type d -exec rmdir {} + 2>/dev/null || :
}
