# Restores those of the blobs in $lists/needed that the live storage lacks or has damaged, from the chosen backup or, if that has
# them damaged, from an older one. Writes those that are in none to $lists/lacking.
restore_needed() {
  list_lacking_blobs
  while [ -s "$lists/lacking" ] && read -r from _ blobs _; do
    restore_blobs </dev/null
  done <"$lists/runs"
}

list_lacking_blobs() {
  say "checking which of $(($(wc -l <"$lists/needed"))) blobs the live storage lacks"
  as_blob_files <"$lists/needed" >"$lists/needed_files"
  (cd "$storage/$tree/blobs/sha256" && xargs -r sha256sum <"$lists/needed_files" 2>/dev/null) >"$lists/hashed"
  awk '{ split($2, part, "/"); if (part[2] == $1) print $1 }' "$lists/hashed" >"$lists/whole"
  grep -vxF -f "$lists/whole" "$lists/needed" >"$lists/lacking"
}

# Takes lacking blobs from the snapshot $blobs of the run $from. What turns out to be damaged in this backup stays lacking.
restore_blobs() {
  offered_blobs || return 0
  say "restoring $(($(wc -l <"$lists/take"))) blobs from the backup of $(time_of_run "$from")"
  fetch_offered
  (cd "$scratch/$tree/blobs/sha256" && find . -type f -name data -exec sha256sum {} +) |
    awk '{ n = split($2, part, "/"); if (part[n - 1] == $1) print $1 }' >"$lists/whole"
  while read -r hex; do
    path=$tree/blobs/sha256/$(echo "$hex" | as_blob_files)
    mkdir -p "$storage/${path%/data}" && mv -f "$scratch/$path" "$storage/$path" || fail "cannot write the blob sha256:$hex to $storage"
    restored_blobs=$((restored_blobs + 1))
  done <"$lists/whole"
  grep -vxF -f "$lists/whole" "$lists/lacking" >"$lists/left"
  mv "$lists/left" "$lists/lacking"
  rm -rf "${scratch:?}/$tree"
}

# Writes the digests and sizes of those of $lists/lacking that the snapshot $blobs has to $lists/take. Fails if it has none, and
# ends the program if the disk has no room for them.
offered_blobs() {
  [ "${listed:-}" = "$blobs" ] || restic ls --long "$blobs" >"$lists/blob_files" 2>"$lists/said" ||
    fail "restic cannot list the backup: $(tail -n 3 "$lists/said")"
  listed=$blobs
  awk '
    NR == FNR { lacking[$1] = 1; next }
    /\/data$/ { n = split($NF, part, "/"); if (part[n - 1] in lacking) print part[n - 1], $4; else others = 1 }
    END { if (others) print "others" }
  ' "$lists/lacking" "$lists/blob_files" >"$lists/offered"
  grep -v others "$lists/offered" >"$lists/take" || return 1
  require_room "$(awk '{ sum += $2 } END { printf "%d\n", sum }' "$lists/take")"
}

# Restores $lists/take into $scratch: the whole snapshot at once if it has nothing else.
fetch_offered() {
  if grep -q others "$lists/offered"; then
    awk -v tree="/$tree" '{ print "--include=" tree "/blobs/sha256/" substr($1, 1, 2) "/" $1 "/data" }' "$lists/take" >"$lists/include"
    fetch "$blobs" "$lists/include"
  else
    fetch "$blobs"
  fi
}

# fetch SNAPSHOT [FILE]: restores a snapshot into $scratch, or only what the options in the file include.
fetch() {
  if [ $# -eq 1 ]; then
    echo >"$lists/chunks"
  else
    # A function cannot be called by xargs, so its lists of 500 are read back here.
    xargs -n 500 <"$2" >"$lists/chunks"
  fi
  while read -r chunk; do
    # shellcheck disable=SC2086 # a list of options
    restic restore "$1" --target "$scratch" $chunk >/dev/null 2>"$lists/said" </dev/null ||
      fail "restic cannot restore $1: $(tail -n 5 "$lists/said")"
  done <"$lists/chunks"
}
