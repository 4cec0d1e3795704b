# One apply at a time on a host, whichever operator or bundle it is.
take_lock() {
  mkdir -p "$home"
  chmod 0700 "$state" "$home"
  exec 9>>"$state/lock"
  flock -n 9 || {
    say "waiting for another apply: $(cat "$state/lock")"
    flock -w "$lock_wait_seconds" 9 ||
      fail "another apply still holds $state/lock after ${lock_wait_seconds} s ($(cat "$state/lock")); wait for it, or end that process"
  }
  printf 'pid %s, by %s from %s, since %s\n' "$$" "${SUDO_USER:-$(id -un)}" "${SSH_CLIENT:-this machine}" "$(date -u +%FT%TZ)" >"$state/lock"
}
