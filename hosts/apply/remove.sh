# Removes what the manifest lists and nothing else.
remove_bundle() {
  trap '' HUP PIPE
  take_lock
  # A stack that changes its kind of connection applies over the new one first, and only then removes over the old one.
  if [ -f "$home/reach" ] && ! grep -qx "$reach" "$home/reach"; then
    say "left as it is: applied since over a connection of kind $(cat "$home/reach")"
    return 0
  fi
  trap 'end_removal $?' EXIT
  take_stage
  undo_interrupted
  compare
  remember_actions
  copy_beside
  withdraw
  phase=removing
  move_into_place
  remove_data
  { own_paths; old_entries | cut -d' ' -f2; sed -n 's/^directory //p' "$home/manifest" 2>/dev/null || :; } | tidy
  rm -f "$home/manifest"
  forget_files
  rm -rf "$home"
  # Nothing of ours is left to tell apart from what is not ours.
  cat "$state"/*/manifest >/dev/null 2>&1 || rm -f "$made"
  say "removed"
}

# What was begun stays in the manifest: a second run ends it.
end_removal() {
  trap - EXIT
  set +e
  [ "$phase" = removing ] || touched 2>/dev/null | while read -r path; do rm -f "$path$new"; done
  rm -rf "${stage:-}"
  exit "$1"
}
