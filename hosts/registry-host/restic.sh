# Requires restic where the stack has backups, and ssh where they go over SFTP. installDocker installs them too.
require_restic() {
  [ -n "$backup_to" ] || return 0
  missing=$(missing_backup_tools)
  [ -n "$missing" ] || return 0
  [ "$install_docker" = true ] ||
    fail "missing on this host for backups:$missing; install it (apt-get install$missing), or set variant.installDocker: true (Debian, Ubuntu)"
  prepare_apt
  # shellcheck disable=SC2086 # a list of packages
  run apt-get install -qy --no-install-recommends $missing
}

missing_backup_tools() {
  command -v restic >/dev/null || printf ' restic'
  [ "$backup_to" != sftp ] || command -v ssh >/dev/null || printf ' openssh-client'
}
