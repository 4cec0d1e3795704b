# What the last backup and the last verification printed.
read_backups() {
  remembered=/var/lib/container-registry-backup
  printf ',"backup":%s,"verification":%s' "$(stamped_file "$remembered/last-backup")" "$(stamped_file "$remembered/last-verify")"
}
