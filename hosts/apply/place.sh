# Moves the new files into place. Everything that can run out of disk comes before the first rename.
place() {
  keep_previous
  while read -r path; do
    mkdir -p "$(dirname "$path")"
    cp -p "$stage/tree$path" "$path.new"
    chown 0:0 "$path.new"
  done <"$stage/changed"
  remember_actions
  phase=placing
  while read -r path; do mv -f "$path.new" "$path"; done <"$stage/changed"
  while read -r path; do rm -f "$path"; done <"$stage/removed"
}

# A copy of each file as it serves now.
keep_previous() {
  mkdir -p "$home/previous/tree"
  : >"$home/previous/absent"
  cat "$stage/changed" "$stage/removed" | while read -r path; do
    if [ ! -e "$path" ]; then
      printf '%s\n' "$path" >>"$home/previous/absent"
      continue
    fi
    mkdir -p "$home/previous/tree$(dirname "$path")"
    cp -p "$path" "$home/previous/tree$path.new"
    mv "$home/previous/tree$path.new" "$home/previous/tree$path"
  done
}

# Puts back every file as it last served.
restore_previous() {
  (cd "$home/previous/tree" && find . -type f ! -name '*.new') | sed 's/^\.//' | while read -r path; do
    cp -p "$home/previous/tree$path" "$path.new"
    mv -f "$path.new" "$path"
  done
  while read -r path; do rm -f "$path"; done <"$home/previous/absent"
}

# A power cut in the midst of an earlier apply leaves its copies: its files go back, its actions stay owed.
undo_interrupted() {
  [ -f "$home/previous/absent" ] || return 0
  say "an earlier apply was cut off; starting from what served before it"
  restore_previous
  rm -rf "$home/previous"
}

# The change serves: what is in place is now what a later failure returns to.
settle() {
  cp "$stage/manifest" "$home/manifest.new"
  mv "$home/manifest.new" "$home/manifest"
  printf '%s\n' "$reach" >"$home/reach"
  rm -rf "$home/previous" "$home/pending"
}

# directory MODE PATH. A link to a directory is one, too: an operator may keep the images elsewhere.
directory() {
  [ -d "$2" ] || (umask 022; mkdir -p "$2")
  [ "$(stat -L -c '0%a %u:%g' "$2")" = "$1 0:0" ] || { chmod "$1" "$2" && chown 0:0 "$2"; }
}
