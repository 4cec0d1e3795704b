# Takes the host's lock, so that only one apply runs at a time, whichever operator and bundle it is for.
take_lock() {
  command -v flock >/dev/null || fail "flock is missing on this host; install util-linux"
  must "$state" mkdir -p "$state"
  must "$state" chmod 0700 "$state"
  must "$state/lock" touch "$state/lock"
  exec 9>>"$state/lock"
  flock -n 9 || wait_for_lock
  # On a full disk this note about the lock's holder cannot be written. Later steps report the full disk.
  printf 'pid %s, by %s from %s, since %s\n' "$$" "${SUDO_USER:-$(id -un)}" "${SSH_CLIENT:-this machine}" "$(date -u +%FT%TZ)" 2>/dev/null >"$state/lock" || :
}

# Waits in a loop, because busybox's flock has no option for the longest time to wait.
wait_for_lock() {
  say "waiting for another apply: $(cat "$state/lock")"
  deadline=$(($(date +%s) + lock_wait_seconds))
  until flock -n 9; do
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "another apply still holds $state/lock after ${lock_wait_seconds} s ($(cat "$state/lock")); wait for it, or end that process"
    sleep 1
  done
}

# Creates a private folder with empty lists for this run, and deletes those of interrupted runs.
take_stage() {
  must "$home" mkdir -p "$home"
  must "$home" chmod 0700 "$home"
  rm -rf "$home"/stage.* "$home/previous.new"
  must "$home" mktemp -d "$home/stage.XXXXXX"
  stage=$said
  for list in manifest actions entries directories changed removed adopted creating seen spliced secret-paths owns others left taken taken_entries undone; do
    must "$stage/$list" touch "$stage/$list"
  done
}
