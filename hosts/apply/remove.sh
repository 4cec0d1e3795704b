# Removes what the manifest lists and nothing else.
remove_bundle() {
  trap '' HUP PIPE
  take_lock
  # A stack that changes its kind of connection applies over the new one first, and only then removes over the old one.
  if [ -f "$home/reach" ] && ! grep -qx "$reach" "$home/reach"; then
    say "left as it is: applied since over a connection of kind $(cat "$home/reach")"
    return 0
  fi
  stage=$(mktemp -d "$home/stage.XXXXXX")
  trap 'rm -rf "$stage"' EXIT
  withdraw
  [ ! -f "$home/manifest" ] || while read -r _ path; do
    rm -f "$path"
    rmdir --ignore-fail-on-non-empty -p "$(dirname "$path")" 2>/dev/null || :
  done <"$home/manifest"
  remove_data
  rm -rf "$home"
  say "removed"
}
