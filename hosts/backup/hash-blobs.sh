# Reading a terabyte should not slow down clients, where the machine can tell.
gently=
for each in 'nice -n 19' 'ionice -c 3'; do
  # shellcheck disable=SC2086 # a command and its options
  ! $each true 2>/dev/null || gently="$gently $each"
done

# hash_blobs ROOT: prints "blob DIGEST STATE" for each blob below ROOT. STATE is `whole`, `damaged`, or `unread` for one that is gone
# meanwhile or that the disk does not give out. Says how far it is every $progress_seconds.
hash_blobs() {
  : >"$lists/sizes"
  (
    cd "$1/$tree/blobs/sha256" 2>/dev/null || exit 0
    find . -type f -name data -exec stat -c '%s %n' {} + >"$lists/sizes" 2>/dev/null
    all=$(awk '{ sum += $1 } END { printf "%.0f\n", sum / 1000000 }' "$lists/sizes")
    in_batches <"$lists/sizes" | {
      began=$(date +%s) told=$began
      while read -r megabytes files; do
        # shellcheck disable=SC2086 # a command and its options; and paths of digests
        $gently sha256sum $files 2>/dev/null
        tell_hashed "$megabytes" "$all"
      done
    } >"$lists/sums"
    awk '
      { n = split($2, part, "/"); hex = part[n - 1] }
      NR == FNR { sum[hex] = $1; next }
      { print "blob", hex, (sum[hex] == hex ? "whole" : hex in sum ? "damaged" : "unread") }
    ' "$lists/sums" "$lists/sizes"
  )
}

# Reads lines "BYTES PATH", and prints lines "MEGABYTES PATH…", where the first word counts the bytes of all lines so far. Each
# takes about a second to hash.
in_batches() {
  awk '
    { line = line " " $2; size += $1; done += $1; if (++count == 100 || size > 256000000) end() }
    END { if (count) end() }
    function end() { printf "%.0f%s\n", done / 1000000, line; line = ""; size = count = 0 }
  '
}

# tell_hashed MEGABYTES ALL
tell_hashed() {
  now_is=$(date +%s)
  [ $((now_is - told)) -ge "${progress_seconds:-10}" ] || return 0
  told=$now_is
  echo "hashed $1 of $2 MB, $(($1 / (now_is - began))) MB/s" >&2
}

# Reads digests, and prints "blob DIGEST STATE" of what is there now; STATE is empty for a blob that is not there.
hash_again() {
  cd "$1/$tree/blobs/sha256" 2>/dev/null || return 0
  while read -r hex; do
    file=$(echo "$hex" | as_blob_files)
    state=
    if [ -f "$file" ]; then
      sum=$($gently sha256sum "$file" 2>/dev/null)
      [ "${sum%% *}" = "$hex" ] && state=whole || state=damaged
    fi
    echo "blob $hex $state"
  done
}

# Digests on standard input as paths of their files below blobs/sha256.
as_blob_files() { sed 's|^\(..\)\(.*\)$|\1/\1\2/data|'; }
