# Moves the new files into place. Everything that can run out of disk comes before the first rename.
place() {
  keep_previous
  keep_displaced
  copy_beside
  remember_actions
  while read -r thing; do made_now "$thing"; done <"$stage/making"
  phase=placing
  move_into_place
}

# Beside each place, what comes to it.
copy_beside() {
  while read -r path; do
    make_directory "$(dirname "$path")"
    if spliced "$path"; then copy_spliced; else
      must "$path" cp -p "$stage/tree$path" "$path$new"
      must "$path" chown 0:0 "$path$new"
    fi
  done <"$stage/changed"
  while read -r path; do
    ! displaced "$path" || must "$path" cp -pP "$home/displaced$path" "$path$new"
  done <"$stage/removed"
}

move_into_place() {
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

# Nobody has written to a file since our entry was spliced into what it said then.
require_unchanged() {
  ! spliced "$path" || grep -qxF "$(fingerprint "$path") $path" "$stage/seen" ||
    fail "$path: changed by somebody else at this moment; run pulumi again"
}

# Somebody's file, with an entry of ours: mode, owner and whatever else it has stay, unless the entry is a secret.
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

# A file that is a mount of its own, as /etc/hosts in a container, takes no rename.
mounted() { [ -r /proc/self/mountinfo ] && awk -v path="$1" '$5 == path { found = 1 } END { exit !found }' /proc/self/mountinfo; }

overwrite() { cat "$1" >"$2"; }

# Written in place, a file must not be cut short by a full disk.
require_room() {
  must "$path" append "$path" </dev/null
  free=$(df -Pk "$path" | awk 'NR == 2 { print $4 }')
  [ "$((free * 1024))" -gt "$(wc -c <"$stage/tree$path")" ] || fail "$path: No space left on device; nothing was touched"
}

# The change serves: what is in place is now what a later failure returns to.
settle() {
  must "$home/manifest" mv "$home/previous/next" "$home/manifest"
  # Earlier versions of the program compare it with a kind of connection. It equals none, so that their removal, which a
  # stack that was upgraded may still have in its state, leaves everything as it is.
  must "$home/reach" mv "$home/previous/reach" "$home/reach"
  must "$home/owner" mv "$home/previous/owner" "$home/owner"
  rm -rf "$home/previous" "$home/pending" "$home/owed"
  hand_over
  drop_displaced
  forget_files
  cat "$stage/removed" "$stage/undone" | tidy
}
