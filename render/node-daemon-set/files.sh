# The ConfigMap's `files` lists them, a line each: KEY PATH. Paths are the node's; it is mounted below $root.

place_all() {
  while read -r key path; do
    place "$key" "$path" || return 1
  done <"$config/files"
  drop_unwanted && place_hosts_entry
}

all_in_place() {
  while read -r key misplaced; do
    in_place "$key" "$misplaced" || return 1
  done <"$config/files"
  misplaced=/etc/hosts
  hosts_entry_in_place
}

# place KEY PATH. What a kill leaves half done is done by the next pass: everything is recorded before it is touched.
place() {
  ! in_place "$1" "$2" || return 0
  [ ! -d "$root$2" ] || because "$2 is a directory; remove it" || return 1
  made=placed
  ! owned "$2" || made='put right'
  make_directory "$(dirname "$2")" || return 1
  owned "$2" || { keep_displaced "$2" && try "$state/manifest" record "$root$state/manifest" "$2"; } || return 1
  try "$2" replace "$config/$1" "$root$2" || return 1
  say "$made $2"
}

# In one rename: the runtime reads either the old file or the new one.
replace() { rm -f "$2.new" && cp "$1" "$2.new" && chmod 0644 "$2.new" && mv -f "$2.new" "$2"; }

in_place() {
  [ -f "$root$2" ] && [ ! -L "$root$2" ] && cmp -s "$config/$1" "$root$2" && [ -n "$(find "$root$2" -perm 0644)" ]
}

owned() { grep -qxF -e "$1" "$root$state/manifest" 2>/dev/null; }

# make_directory PATH, with its parents. Those it makes are removed in the end, if they are empty then.
make_directory() {
  [ ! -d "$root$1" ] || return 0
  make_directory "$(dirname "$1")" || return 1
  try "$state/directories" record "$root$state/directories" "$1" && try "$1" mkdir "$root$1"
}

# What an earlier ConfigMap listed and this one does not.
drop_unwanted() { each_owned give_up_unwanted && remove_directories; }

give_up_unwanted() {
  while read -r _ wanted; do
    [ "$wanted" != "$1" ] || return 0
  done <"$config/files"
  give_up "$1"
}

each_owned() {
  [ -f "$root$state/manifest" ] || return 0
  cp "$root$state/manifest" "$scratch/owned"
  while read -r path; do
    "$1" "$path" || return 1
  done <"$scratch/owned"
}

give_up() {
  try "$1" rm -f "$root$1" "$root$1.new" && put_back_displaced "$1" || return 1
  try "$state/manifest" strike "$root$state/manifest" "$1" || return 1
  say "removed $1"
}

# The deepest come last in the list. One with somebody's file in it stays, and stays ours.
remove_directories() {
  [ -f "$root$state/directories" ] || return 0
  sed '1!G;h;$!d' "$root$state/directories" >"$scratch/directories"
  while read -r path; do
    [ ! -d "$root$path" ] || rmdir "$root$path" 2>/dev/null || continue
    try "$state/directories" strike "$root$state/directories" "$path" || return 1
  done <"$scratch/directories"
}
