# What the last backup and the last verification printed.
read_backups() {
  printf ',"backup":%s,"verification":%s' "$(stamped_file "$remembered/last-backup")" "$(stamped_file "$remembered/last-verify")"
}
