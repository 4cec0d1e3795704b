# Removes what the manifest lists, as far as no other owner has it too, and nothing else.
remove_bundle() {
  trap '' HUP PIPE
  read_owner
  take_lock
  # A stack that reaches a machine in another way applies in the new way first, and only then removes in the old one.
  ! is_superseded || return 0
  trap 'end_removal $?' EXIT
  take_stage
  undo_interrupted tidy
  undo_others
  compare
  remember_actions
  copy_beside
  withdraw
  phase=removing
  move_into_place
  remove_data
  hand_over
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
