# Checks all images of a storage. Standard output: "live TAB WHAT TAB WHICH TAB IMAGES" for each problem, as a verification of a backup
# prints them, and a summary as JSON. WHAT is `collected blob` for a missing one that is in the trash of the garbage collection.
set -u
export LC_ALL=C
tree=docker/registry/v2
progress_seconds=1

fail() {
  echo "error: $*" >&2
  exit 1
}

ls "$storage" >/dev/null 2>&1 || fail "$storage cannot be read"
lists=
for folder in /run /tmp /dev/shm; do
  lists=$(mktemp -d "$folder/container-registry-doctor.XXXXXX" 2>/dev/null) && break
done
[ -n "$lists" ] || fail "none of /run, /tmp and /dev/shm can be written, and the check needs lists of all blobs"
trap 'rm -rf "$lists"' EXIT
trap 'exit 1' HUP INT TERM PIPE

began=$(date +%s)
check_storage "$storage" >"$lists/problems" ||
  fail "the check of $storage ended early: the lists of its blobs need more memory, or more room in ${lists%/*}"
while IFS='	' read -r what which images; do
  [ "$what" != 'missing blob' ] || [ ! -f "$storage/collection/trash/${which#sha256:}/data" ] || what='collected blob'
  printf 'live\t%s\t%s\t%s\n' "$what" "$which" "$images"
done <"$lists/problems"
printf '{"blobs":%s,"bytes":%s,"tags":%s,"seconds":%s}\n' "$(($(wc -l <"$lists/sizes")))" \
  "$(awk '{ sum += $1 } END { printf "%.0f", sum }' "$lists/sizes")" "$(grep -c '^tag ' "$lists/links")" $(($(date +%s) - began))
