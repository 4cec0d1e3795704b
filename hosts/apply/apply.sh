apply_bundle() {
  trap 'on_exit $?' EXIT
  trap 'exit 143' TERM INT
  # The operator's end may go away; what was begun is finished.
  trap '' HUP PIPE
  read_owner
  take_lock
  refuse_other_owner
  claim_home
  take_stage
  locate
  receive
  preflight
  undo_interrupted
  undo_others
  compare
  validate
  directories
  place
  activate
  verify
  phase=settled
  settle
  summary
}

summary() {
  printf '{"changed":%s,"removed":%s}\n' "$(json_list <"$stage/changed")" "$(json_list <"$stage/removed")" 2>/dev/null || :
}

on_exit() {
  trap - EXIT
  trap '' TERM INT
  # A failure on the way back must not end the way back.
  set +e
  if [ "$phase" = placing ]; then roll_back; else discard_copies; fi
  [ -z "${stage:-}" ] || rm -rf "$stage"
  give_back_folder
  exit "$1"
}

# Nothing is in place yet: an apply that stops here leaves no trace beside the files it meant to change.
discard_copies() {
  [ "$phase" = staging ] && [ -n "${stage:-}" ] || return 0
  touched | while read -r path; do rm -f "$path$new" 2>/dev/null; done
  # Those of an earlier apply that was cut off are still to be put back.
  [ "$copies_kept" = no ] || rm -rf "$home/previous"
  drop_displaced
  unmake
}

# A bundle that stops what is not its own says so in a version of its own.
first_here() { [ ! -f "$home/manifest" ]; }

# Returns to the files that last served. Where nothing ever served, withdraws what was begun.
roll_back() {
  phase=returning
  restore_previous
  if ! first_here; then
    say "rolling back to what served before"
    # On its own line: as part of a condition, the shell would ignore -e within.
    (set -e; activate)
    # shellcheck disable=SC2181 # see above
    if [ $? -eq 0 ]; then rm -rf "$home/previous" "$home/pending"; else
      say "the roll-back did not finish: the files are back, the services may not be; see $home"
    fi
  else
    say "withdrawing: it never served here"
    withdraw
    rm -rf "$home/previous" "$home/pending"
  fi
  drop_displaced
  unmake
}
