copies_kept=no

# A copy of each file as it serves now, whole or not there at all: before the first rename, and not before it is complete.
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
  printf '%s\n' "$application" | must "$copies/reach" fill "$copies/reach"
  printf '%s %s\n' "$owner_id" "$owner_stack" | must "$copies/owner" fill "$copies/owner"
  must "$copies" mv "$copies" "$home/previous"
  copies_kept=yes
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

# Puts back every file as it last served; says what it cannot, and fails then.
restore_previous() {
  (cd "$home/previous/tree" && find . \( -type f -o -type l \) | sed 's/^\.//') | {
    bad=0
    while read -r path; do put_back "$path" || bad=1; done
    exit $bad
  } && (
    bad=0
    while read -r path; do take_back "$path" || bad=1; done
    exit $bad
  ) <"$home/previous/absent"
}

put_back() {
  rm -f "$1$new" 2>/dev/null || :
  old=$home/previous/tree$1
  ! theirs "$1" || { leave_theirs "$1"; return 0; }
  [ ! -L "$1" ] && [ ! -L "$old" ] && cmp -s "$1" "$old" && [ "$(stat -c '%a %u:%g' "$1")" = "$(stat -c '%a %u:%g' "$old")" ] && return 0
  if mounted "$1"; then
    (must "$1" overwrite "$old" "$1")
  else
    (must "$1" cp -pP "$old" "$1$new" && must "$1" mv -f "$1$new" "$1")
  fi
}

take_back() {
  rm -f "$1$new" 2>/dev/null || :
  ! present "$1" || { theirs "$1" && leave_theirs "$1"; } || (must "$1" rm -f "$1")
}

# A file with an entry of ours that somebody has changed since we wrote it: theirs is kept.
theirs() {
  was=$(awk -v path="$1" '$2 == path { print $1 }' "$home/previous/placed" 2>/dev/null) || was=
  [ -n "$was" ] && [ "$(fingerprint "$1")" != "$was" ] && ! cmp -s "$1" "$home/previous/tree$1"
}

leave_theirs() {
  say "$1: changed by somebody else meanwhile; left as it is until the next apply"
  grep "^entry [^ ]* $1 " "$home/previous/next" >>"$home/owed" || :
}

# A power cut in the midst of an earlier apply leaves its copies: its files go back, its actions stay owed.
undo_interrupted() {
  [ -d "$home/previous" ] || return 0
  # Without this the change was settled, and only the copies were still to go.
  if [ -f "$home/previous/next" ]; then
    say "an earlier apply was cut off; starting from what served before it"
    restore_previous || exit 1
    # An apply of the same bundle may need its directories, and a running container would go on with deleted ones: it looks
    # at them once it is settled.
    if [ "${1:-}" = tidy ]; then tidy <"$home/previous/absent"; else
      must "$stage/undone" cp "$home/previous/absent" "$stage/undone"
    fi
  fi
  rm -rf "$home/previous"
}
