# The ConfigMap's key `files` has one line for each file: KEY PATH. PATH is the node's, whose directories are mounted
# below $root.

write_all_files() {
  while read -r key path; do
    write_file "$key" "$path" || return 1
  done <"$config/files"
  remove_unlisted && write_hosts_entry
}

all_unchanged() {
  while read -r key changed; do
    unchanged "$key" "$changed" || return 1
  done <"$config/files"
  changed=/etc/hosts
  hosts_entry_unchanged
}

# write_file KEY PATH. The manifest has the path before the file is written, so the next pass completes what a killed pod began.
write_file() {
  ! unchanged "$1" "$2" || return 0
  [ ! -d "$root$2" ] || because "$2 is a directory; remove it" || return 1
  verb=placed
  ! owned "$2" || verb='put right'
  make_directory "$(dirname "$2")" || return 1
  owned "$2" || { back_up "$2" && try "$state/manifest" record "$root$state/manifest" "$2"; } || return 1
  try "$2" replace "$config/$1" "$root$2" || return 1
  say "$verb $2"
}

# Replaces a file by one rename, so that the runtime reads either the old file or the new one.
replace() { rm -f "$2.new" && cp "$1" "$2.new" && chmod 0644 "$2.new" && mv -f "$2.new" "$2"; }

unchanged() {
  [ -f "$root$2" ] && [ ! -L "$root$2" ] && cmp -s "$config/$1" "$root$2" && [ -n "$(find "$root$2" -perm 0644)" ]
}

owned() { grep -qxF -e "$1" "$root$state/manifest" 2>/dev/null; }

# make_directory PATH: creates the directory and its parents, and records each, to be removed later if it is empty.
make_directory() {
  [ ! -d "$root$1" ] || return 0
  make_directory "$(dirname "$1")" || return 1
  try "$state/directories" record "$root$state/directories" "$1" && try "$1" mkdir "$root$1"
}

# Removes the files that an earlier ConfigMap listed and this one does not.
remove_unlisted() { each_owned remove_if_unlisted && remove_directories; }

remove_if_unlisted() {
  while read -r _ listed; do
    [ "$listed" != "$1" ] || return 0
  done <"$config/files"
  remove_file "$1"
}

each_owned() {
  [ -f "$root$state/manifest" ] || return 0
  cp "$root$state/manifest" "$scratch/owned"
  while read -r path; do
    "$1" "$path" || return 1
  done <"$scratch/owned"
}

remove_file() {
  try "$1" rm -f "$root$1" "$root$1.new" && restore_backup "$1" || return 1
  try "$state/manifest" strike "$root$state/manifest" "$1" || return 1
  say "removed $1"
}

# Subdirectories come last in the list, so it is read backwards. A directory with a foreign file stays, and stays listed.
remove_directories() {
  [ -f "$root$state/directories" ] || return 0
  sed '1!G;h;$!d' "$root$state/directories" >"$scratch/directories"
  while read -r path; do
    [ ! -d "$root$path" ] || rmdir "$root$path" 2>/dev/null || continue
    try "$state/directories" strike "$root$state/directories" "$path" || return 1
  done <"$scratch/directories"
}
