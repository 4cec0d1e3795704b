# Applies the bundle to the host. After a failure it restores the files that served before. hooks.ts describes each
# hook_… function.
apply_bundle() {
  trap 'on_exit $?' EXIT
  trap 'exit 143' TERM INT
  # The connection may break; an apply that has begun still runs to its end.
  trap '' HUP PIPE
  read_owner
  take_lock
  refuse_other_owner
  claim_home
  take_stage
  hook_find_host_paths
  receive
  hook_preflight
  undo_interrupted
  undo_others
  compare
  hook_validate
  directories
  write_files
  hook_activate
  hook_verify
  phase=committed
  commit
  hook_summarize
}

# print_summary [MORE]: the JSON summary of what changed; MORE is further members, as in `,"KEY":"VALUE"`. `adopted` lists files where
# somebody else's entry says the same.
print_summary() {
  adopted=$(sed -n 's/^adopted [^ ]* \([^ ]*\) .*/\1/p' "$stage/owns" | LC_ALL=C sort -u | json_list)
  [ "$adopted" = '[]' ] && adopted= || adopted=",\"adopted\":$adopted"
  printf '{"changed":%s,"removed":%s%s%s}\n' "$(json_list <"$stage/changed")" "$(json_list <"$stage/removed")" "$adopted" "${1:-}" 2>/dev/null || :
}

on_exit() {
  trap - EXIT
  trap '' TERM INT
  # A command that fails during the roll-back must not stop the rest of it.
  set +e
  if [ "$phase" = writing ]; then roll_back; else discard_copies; fi
  [ -z "${stage:-}" ] || rm -rf "$stage"
  give_back_folder
  exit "$1"
}

# Runs where an apply stops before it has replaced any file: deletes the copies that it has written so far.
discard_copies() {
  [ "$phase" = staging ] && [ -n "${stage:-}" ] || return 0
  touched | while read -r path; do rm -f "$path$new" 2>/dev/null; done
  # Copies from an earlier, interrupted apply stay: the next apply restores them.
  [ "$copies_complete" = no ] || rm -rf "$home/previous"
  drop_backups
  remove_created
}

# Restores the files that last served. If nothing served before, undoes what the first apply began.
roll_back() {
  phase=rolling-back
  restore_previous
  if ! hook_is_first_apply; then
    say "rolling back to what served before"
    # In a subshell, and not as part of a condition, where the shell would ignore -e.
    (
      set -e
      hook_activate
    )
    # shellcheck disable=SC2181 # see above
    if [ $? -eq 0 ]; then rm -rf "$home/previous" "$home/pending"; else
      say "the roll-back did not finish: the files are restored, but the services may not have read them; see $home"
    fi
  else
    say "aborting the first apply: nothing served here before"
    hook_abort
    rm -rf "$home/previous" "$home/pending"
  fi
  drop_backups
  remove_created
}
