# Replaces the files that changed. Whatever needs disk space comes before the first file is replaced.
write_files() {
  keep_previous
  keep_backups
  copy_beside
  remember_actions
  while read -r thing; do record_created "$thing"; done <"$stage/creating"
  phase=writing
  replace_files
}

# Writes each new file, or the backup that returns, beside the path it belongs at.
copy_beside() {
  while read -r path; do
    make_directory "$(dirname "$path")"
    if spliced "$path"; then copy_spliced; else
      must "$path" cp -p "$stage/tree$path" "$path$new"
      must "$path" chown 0:0 "$path$new"
    fi
  done <"$stage/changed"
  while read -r path; do
    ! has_backup "$path" || must "$path" cp -pP "$home/$backup_folder$path" "$path$new"
  done <"$stage/removed"
}

replace_files() {
  while read -r path; do
    require_unchanged
    if spliced "$path" && mounted "$path"; then
      must "$path" overwrite "$stage/tree$path" "$path"
      ! is_secret "$path" || must "$path" chmod go= "$path"
    else
      must "$path" mv -f "$path$new" "$path"
    fi
  done <"$stage/changed"
  while read -r path; do
    require_unchanged
    if present "$path$new"; then must "$path" mv -f "$path$new" "$path"; else must "$path" rm -f "$path"; fi
  done <"$stage/removed"
}

# Fails if somebody else has changed a file with an entry since this apply read it.
require_unchanged() {
  ! spliced "$path" || grep -qxF "$(fingerprint "$path") $path" "$stage/seen" ||
    fail "$path: changed by somebody else at this moment; run pulumi again"
}

# Copies a file that this program does not own with its mode, owner and attributes, and writes the text with the new entry
# into the copy. A secret entry makes the copy readable by its owner only.
copy_spliced() {
  if mounted "$path"; then
    require_room
  elif [ -e "$path" ]; then
    must "$path" cp -a "$path" "$path$new"
    ! is_secret "$path" || must "$path" chmod go= "$path$new"
    must "$path" fill "$path$new" <"$stage/tree$path"
  else
    must "$path" cp "$stage/tree$path" "$path$new"
    must "$path" chown 0:0 "$path$new"
    is_secret "$path" || must "$path" chmod 0644 "$path$new"
  fi
}

is_secret() { grep -qxF "$1 secret" "$stage/spliced"; }

# Whether a path is a mount point, as /etc/hosts is in a container. A rename cannot replace one.
mounted() { [ -r /proc/self/mountinfo ] && awk -v path="$1" '$5 == path { found = 1 } END { exit !found }' /proc/self/mountinfo; }

overwrite() { cat "$1" >"$2"; }

# A mount point is overwritten, so a full disk would cut the file short: checks the free space first.
require_room() {
  must "$path" append "$path" </dev/null
  free=$(df -Pk "$path" | awk 'NR == 2 { print $4 }')
  [ "$((free * 1024))" -gt "$(wc -c <"$stage/tree$path")" ] || fail "$path: No space left on device; nothing was touched"
}
