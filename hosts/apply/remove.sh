# Removes what the bundle's manifest lists, except what another owner lists too.
remove_bundle() {
  # The connection may break; a removal that has begun still runs to its end.
  trap '' HUP PIPE
  read_owner
  take_lock
  # Where a stack has a new address for a machine, it applies there first and then removes at the old address.
  ! is_superseded || return 0
  trap 'end_removal $?' EXIT
  take_stage
  undo_interrupted tidy
  undo_others
  compare
  remember_actions
  copy_beside
  hook_stop
  phase=removing
  replace_files
  hook_deactivate
  hook_delete_data
  hand_over
  {
    own_paths
    old_entries | cut -d' ' -f2
    sed -n 's/^directory //p' "$home/manifest" 2>/dev/null || :
  } | tidy
  rm -f "$home/manifest"
  forget_files
  rm -rf "$home"
  # With the last manifest, the list of what was created has no use either.
  cat "$state"/*/manifest >/dev/null 2>&1 || rm -f "$created_list"
  say "removed"
}

# After a failure the manifest stays, so that a second removal can finish the first one.
end_removal() {
  trap - EXIT
  set +e
  [ "$phase" = removing ] || touched 2>/dev/null | while read -r path; do rm -f "$path$new"; done
  rm -rf "${stage:-}"
  exit "$1"
}
