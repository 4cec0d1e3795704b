# The list of what this program created on this host, for all bundles: `directory PATH`, `file PATH`, and in JSON files
# `object PATH` and `key PATH`. Only listed things are removed, once nothing else is in them.
is_created() { [ -f "$created_list" ] && grep -qxF "$1" "$created_list"; }

# record_created THING…
record_created() {
  is_created "$*" || {
    printf '%s\n' "$*" | must "$created_list" append "$created_list"
    note creating "$*"
  }
}

forget() {
  [ -f "$created_list" ] || return 0
  grep -vxF "$1" "$created_list" >"$created_list.new" || [ $? -eq 1 ] || return 0
  mv "$created_list.new" "$created_list"
}

# directory MODE PATH: creates a directory with this mode. A link to a directory is accepted, since an operator may keep
# the images elsewhere.
directory() {
  make_directory "$2"
  note directories "$2"
  [ "$(stat -L -c '0%a %u:%g' "$2")" = "$1 0:0" ] || { must "$2" chmod "$1" "$2" && must "$2" chown 0:0 "$2"; }
}

# Creates a directory and its missing parents one by one, and records each as created.
make_directory() {
  [ ! -d "$1" ] || return 0
  make_directory "$(dirname "$1")"
  must "$1" mkdir -m 0755 "$1"
  record_created directory "$1"
}

# tidy: reads directories from standard input, one on each line. Removes them and their parents, deepest first, if this
# program created them and they are empty.
tidy() {
  cat >"$stage/removed-paths"
  [ -f "$created_list" ] || return 0
  sed -n 's/^directory //p' "$created_list" | LC_ALL=C sort -r >"$stage/created-directories"
  while read -r folder; do
    awk -v folder="$folder/" 'index($0 "/", folder) == 1 { found = 1 } END { exit !found }' "$stage/removed-paths" || continue
    ! rmdir "$folder" 2>/dev/null || forget "directory $folder"
  done <"$stage/created-directories"
}

# Forgets what was created of a file once no bundle has an entry in it.
forget_files() {
  cut -d' ' -f1 "$stage/spliced" | while read -r path; do
    ! cat "$state"/*/manifest "$state"/*/"$pending_entries" 2>/dev/null | grep -q "^entry [^ ]* $path " || continue
    for thing in file object key; do forget "$thing $path"; done
  done
}

# Part of the roll-back: removes what this run created.
remove_created() {
  sed -n 's/^directory //p' "$stage/creating" | LC_ALL=C sort -r | tidy
  forget_files
}
