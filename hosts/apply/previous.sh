copies_complete=no

# Copies each file that is about to change. The folder of copies appears by one rename, so it is complete or absent.
keep_previous() {
  copies=$home/previous.new
  must "$copies" mkdir -p "$copies/tree"
  for list in absent placed; do must "$copies/$list" touch "$copies/$list"; done
  touched | while read -r path; do
    if present "$path"; then
      must "$copies" mkdir -p "$copies/tree$(dirname "$path")"
      must "$copies/tree$path" cp -pP "$path" "$copies/tree$path"
    else
      printf '%s\n' "$path" | must "$copies/absent" append "$copies/absent"
    fi
    ! spliced "$path" || printf '%s %s\n' "$(fingerprint "$stage/tree$path")" "$path" | must "$copies/placed" append "$copies/placed"
  done
  next_manifest | must "$copies/next" fill "$copies/next"
  printf '%s\n' "$application" | must "$copies/$application_file" fill "$copies/$application_file"
  printf '%s %s\n' "$owner_id" "$owner_stack" | must "$copies/owner" fill "$copies/owner"
  must "$copies" mv "$copies" "$home/previous"
  copies_complete=yes
}

touched() { cat "$stage/changed" "$stage/removed" "$stage/adopted" | LC_ALL=C sort -u; }

spliced() { grep -q "^$1 " "$stage/spliced"; }

fingerprint() { if [ -e "$1" ]; then sha256sum <"$1" | cut -d' ' -f1; else echo absent; fi; }

next_manifest() {
  cat "$stage/manifest" "$stage/owns"
  while read -r _ path; do printf 'sum %s %s\n' "$(fingerprint "$stage/tree$path")" "$path"; done <"$stage/manifest"
  sed 's/^/action /' "$stage/actions"
  sed 's/^/directory /' "$stage/directories"
}

# Restores every file as it last served. Reports each file that it cannot restore, and then fails.
restore_previous() {
  (cd "$home/previous/tree" && find . \( -type f -o -type l \) | sed 's/^\.//') | {
    bad=0
    while read -r path; do restore_file "$path" || bad=1; done
    exit $bad
  } && (
    bad=0
    while read -r path; do remove_new_file "$path" || bad=1; done
    exit $bad
  ) <"$home/previous/absent"
}

restore_file() {
  rm -f "$1$new" 2>/dev/null || :
  old=$home/previous/tree$1
  ! changed_by_others "$1" || {
    leave_foreign_change "$1"
    return 0
  }
  [ ! -L "$1" ] && [ ! -L "$old" ] && cmp -s "$1" "$old" && [ "$(stat -c '%a %u:%g' "$1")" = "$(stat -c '%a %u:%g' "$old")" ] && return 0
  if mounted "$1"; then
    (must "$1" overwrite "$old" "$1")
  else
    (must "$1" cp -pP "$old" "$1$new" && must "$1" mv -f "$1$new" "$1")
  fi
}

remove_new_file() {
  rm -f "$1$new" 2>/dev/null || :
  ! present "$1" || { changed_by_others "$1" && leave_foreign_change "$1"; } || (must "$1" rm -f "$1")
}

# Whether somebody else has changed a file with an entry since this bundle's apply wrote it. Such a file is not restored.
changed_by_others() {
  was=$(awk -v path="$1" '$2 == path { print $1 }' "$home/previous/placed" 2>/dev/null) || was=
  [ -n "$was" ] && [ "$(fingerprint "$1")" != "$was" ] && ! cmp -s "$1" "$home/previous/tree$1"
}

leave_foreign_change() {
  say "$1: somebody else has changed it since; it stays as it is until the next apply"
  grep "^entry [^ ]* $1 " "$home/previous/next" >>"$home/$pending_entries" || :
}

# An apply that was interrupted, as by a power cut, leaves its copies behind: restores them. Its actions stay pending.
undo_interrupted() {
  [ -d "$home/previous" ] || return 0
  # Without this file, the interrupted apply was committed, and only its copies were left to delete.
  if [ -f "$home/previous/next" ]; then
    say "an earlier apply was interrupted; restoring the files that served before it"
    restore_previous || exit 1
    # New directories are kept until this apply's commit removes the unused ones: this apply may need them, and a running
    # container would keep using deleted directories.
    if [ "${1:-}" = tidy ]; then tidy <"$home/previous/absent"; else
      must "$stage/undone" cp "$home/previous/absent" "$stage/undone"
    fi
  fi
  rm -rf "$home/previous"
}
