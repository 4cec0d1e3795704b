# Backs up each file of somebody else that a file of this bundle is about to replace. The backup returns when the bundle's
# file is removed.
keep_backups() {
  while read -r path; do
    must "$home/$backup_folder" mkdir -p "$home/$backup_folder$(dirname "$path")"
    rm -f "$home/$backup_folder$path"
    must "$home/$backup_folder$path" cp -pP "$home/previous/tree$path" "$home/$backup_folder$path"
  done <"$stage/adopted"
}

has_backup() { present "$home/$backup_folder$1"; }

# Deletes each backup whose path the manifest does not list.
drop_backups() {
  [ -d "$home/$backup_folder" ] || return 0
  (cd "$home/$backup_folder" && find . \( -type f -o -type l \) | sed 's/^\.//') | while read -r path; do
    owned "$path" || rm -f "$home/$backup_folder$path"
  done
  find "$home/$backup_folder" -depth -type d -exec rmdir {} + 2>/dev/null || :
}
