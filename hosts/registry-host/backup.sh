# Starts the backup's timers, or stops those that an earlier apply started. Call it after `systemctl daemon-reload`.
activate_backup() {
  for timer in $backup_timers; do
    if [ -n "$backup_to" ]; then
      run systemctl enable "$timer"
      if action_pending unit; then run systemctl restart "$timer"; else run systemctl start "$timer"; fi
    else
      stop_backup_timer
    fi
  done
}

# The timer's unit file may be gone already.
stop_backup_timer() {
  systemctl stop "$timer" >/dev/null 2>&1 || :
  rm -f "/etc/systemd/system/timers.target.wants/$timer"
}

stop_backup() { for timer in $backup_timers; do stop_backup_timer; done; }

# Requires restic where the stack has backups, and ssh where they go over SFTP. installDocker installs them too.
require_restic() {
  [ -n "$backup_to" ] || return 0
  missing=$(missing_backup_tools)
  [ -n "$missing" ] || return 0
  [ "$install_docker" = true ] ||
    fail "missing on this host for backups:$missing; install it (apt-get install$missing), or set variant.installDocker: true (Debian, Ubuntu)"
  command -v apt-get >/dev/null || fail "installDocker knows Debian and Ubuntu; on this system install$missing yourself"
  export DEBIAN_FRONTEND=noninteractive
  say "installing$missing"
  run apt-get update -q
  # shellcheck disable=SC2086 # a list of packages
  run apt-get install -qy --no-install-recommends $missing
}

missing_backup_tools() {
  command -v restic >/dev/null || printf ' restic'
  [ "$backup_to" != sftp ] || command -v ssh >/dev/null || printf ' openssh-client'
}
