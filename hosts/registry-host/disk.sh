# require_disk FSTAB: refuses a storage whose disk is in that table and not mounted. The registry would serve the empty folder
# below it, and take pushes onto another disk.
require_disk() {
  awk -v path="$storage_path/" '/^[^#]/ && $2 != "/" && index(path, $2 "/") == 1 { print $2 }' "$1" 2>/dev/null | while read -r point; do
    mounted "$point" || printf '%s\n' "$point"
  done >"$stage/unmounted"
  [ ! -s "$stage/unmounted" ] ||
    fail "the disk of $storage_path is not mounted: /etc/fstab has it at $(head -n 1 "$stage/unmounted"). Why: systemctl --failed; then mount it, and run this again. What was served before stays as it is"
}
