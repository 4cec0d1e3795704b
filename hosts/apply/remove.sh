# Removes what the manifest lists and nothing else.
remove_bundle() {
  trap '' HUP PIPE
  take_lock
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
