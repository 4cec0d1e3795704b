set -eu
# The order of sort and comm must be the same on both machines.
export LC_ALL=C
umask "$mask"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

mounted() { mountpoint --quiet "$1"; }

# Prints `SIZE TIME PATH` of each file below the paths, sorted. A file that is deleted meanwhile is left out; any other
# problem with reading is an error, since its files would be missing in the copy. Uploads that have not ended are no images.
list_files() {
  [ ! -d "$folder" ] || (
    cd "$folder"
    for path in $paths; do
      [ ! -d "$path" ] || find "$path" -type f ! -path '*/_uploads/*' -printf '%s %T@ %p\n' 2>>"$work/problems" || :
    done
  ) | sort
  ! grep -v 'No such file or directory' "$work/problems" >"$work/problem" 2>/dev/null ||
    fail "not all files can be read: $(head -n 1 "$work/problem")"
}

# The last line of a list. A list without it ended early: a file that is not on it may be there.
list_end=end
