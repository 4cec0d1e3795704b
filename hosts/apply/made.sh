# What this program made on this host, whichever bundle it was for: `directory PATH`, `file PATH`, and of a JSON file
# `object PATH` and `key PATH`. Only that is removed, once nothing else is in it.
made=$state/made

is_made() { [ -f "$made" ] && grep -qxF "$1" "$made"; }

# made_now THING…
made_now() {
  is_made "$*" || {
    printf '%s\n' "$*" | must "$made" append "$made"
    note making "$*"
  }
}

forget() {
  [ -f "$made" ] || return 0
  grep -vxF "$1" "$made" >"$made.new" || [ $? -eq 1 ] || return 0
  mv "$made.new" "$made"
}

# directory MODE PATH. A link to a directory is one, too: an operator may keep the images elsewhere.
directory() {
  make_directory "$2"
  note directories "$2"
  [ "$(stat -L -c '0%a %u:%g' "$2")" = "$1 0:0" ] || { must "$2" chmod "$1" "$2" && must "$2" chown 0:0 "$2"; }
}

# With its parents, one by one.
make_directory() {
  [ ! -d "$1" ] || return 0
  make_directory "$(dirname "$1")"
  must "$1" mkdir -m 0755 "$1"
  made_now directory "$1"
}

# tidy <PATHS: removes what lies on the way to them, or is one of them, deepest first, where we made it and it is empty.
tidy() {
  cat >"$stage/gone"
  [ -f "$made" ] || return 0
  sed -n 's/^directory //p' "$made" | LC_ALL=C sort -r >"$stage/made-directories"
  while read -r folder; do
    awk -v way="$folder/" 'index($0 "/", way) == 1 { found = 1 } END { exit !found }' "$stage/gone" || continue
    ! rmdir "$folder" 2>/dev/null || forget "directory $folder"
  done <"$stage/made-directories"
}

# What was made of a file is nobody's any more once no bundle has an entry in it.
forget_files() {
  cut -d' ' -f1 "$stage/spliced" | while read -r path; do
    ! cat "$state"/*/manifest "$state"/*/owed 2>/dev/null | grep -q "^entry [^ ]* $path " || continue
    for thing in file object key; do forget "$thing $path"; done
  done
}

# The way back: what this run made goes, where its file or its directory went.
unmake() {
  sed -n 's/^directory //p' "$stage/making" | LC_ALL=C sort -r | tidy
  forget_files
}
