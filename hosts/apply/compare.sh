# What differs from what is on the host: content, mode or owner.
compare() {
  : >"$stage/changed"
  : >"$stage/removed"
  while read -r mode path; do
    same "$mode" "$path" || printf '%s\n' "$path" >>"$stage/changed"
  done <"$stage/manifest"
  [ ! -f "$home/manifest" ] || while read -r _ path; do
    grep -q " $path\$" "$stage/manifest" || printf '%s\n' "$path" >>"$stage/removed"
  done <"$home/manifest"
}

same() {
  [ -f "$2" ] && [ ! -L "$2" ] &&
    [ "$(stat -c '0%a %u:%g' "$2")" = "$1 0:0" ] &&
    cmp -s "$2" "$stage/tree$2"
}

# The actions that changed files ask for, and those an interrupted apply still owes.
remember_actions() {
  while read -r action path; do
    ! grep -qxF "$path" "$stage/changed" || printf '%s\n' "$action"
  done <"$stage/actions" >"$stage/pending"
  [ ! -f "$home/pending" ] || cat "$home/pending" >>"$stage/pending"
  LC_ALL=C sort -u -o "$stage/pending" "$stage/pending"
  mv "$stage/pending" "$home/pending"
}

pending() { grep -qx "$1" "$home/pending"; }
