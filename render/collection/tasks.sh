# What one collection does.

find_candidates() {
  stamp "$collection/stamp"
  if [ "$dry_run" = true ]; then mark "$work/marked"; else mark_and_mend "$work/marked"; fi
  stored >"$work/blobs"
  without "$work/blobs" "$work/marked" >"$work/unmarked"
  touch -d "@$(($(date +%s) - min_age))" "$work/youngest"
  {
    stored -newer "$work/youngest"
    links _layers/sha256 -newer "$work/youngest" | digests_of_links
  } | sort -u >"$work/young"
  without "$work/unmarked" "$work/young" >"$work/candidates"
}

# What was linked while candidates were known, or what a manifest references by now, is no candidate any more.
look_again() {
  stamp "$collection/next-stamp"
  watch "$work/candidates"
  take_off "$work/candidates"
  mark_and_mend "$work/marked"
  mv "$collection/next-stamp" "$collection/stamp"
  without "$work/candidates" "$work/marked" >"$work/left"
  mv "$work/left" "$work/candidates"
  take_off "$work/candidates"
}

move_candidates() {
  in_trash | in_both "$work/candidates" - | sed "s|^|$trash/|" | xargs -r rm -rf
  blob_directories <"$work/candidates" | xargs -r touch -c
  cp "$work/candidates" "$collection/moving"
  mv "$work/watched" "$work/all-watched"
  awk -v size="$batch" -v name="$work/batch." 'NR % size == 1 { close(file); file = name NR } { print >file }' "$work/candidates"
  for each in "$work"/batch.*; do
    [ -e "$each" ] || continue
    awk -F / 'FILENAME == ARGV[1] { wanted[$0]; next } $NF in wanted' "$each" "$work/all-watched" >"$work/watched"
    move_batch "$each"
    sleep 0.3
  done
  # A write that began before its hold may take longer than the hold.
  sleep 2
  finish
}

collect() {
  [ "$dry_run" = true ] || finish
  # A stamp is up to two seconds older than now. Images that were deleted just before would count as pushed since.
  [ "$dry_run" = true ] || sleep 2 9>&-
  find_candidates
  found=$(count "$work/candidates")
  say "$(count "$work/blobs") blobs, $(count "$work/unmarked") of no manifest, $found of these older than --min-age"
  [ "$dry_run" = false ] || {
    bytes=$(blob_directories <"$work/candidates" | sizes)
    return 0
  }
  empty_trash -mtime "+$((grace_days - 1))"
  [ "$found" -gt 0 ] || return 0
  sed "s|^|$collection/candidates/|" "$work/candidates" | xargs -r touch
  say "waiting $wait s for pushes under way"
  sleep "$wait" 9>&-
  look_again
  say "moving $(count "$work/candidates") blobs into the trash"
  move_candidates
  in_trash | in_both "$work/candidates" - >"$work/moved"
  bytes=$(bytes_in "$trash" <"$work/moved")
}

undo() {
  finish
  { if [ $# -gt 0 ]; then printf '%s\n' "$@" | sed 's|^sha256:||'; else in_trash; fi; } | put_back
}

purge() {
  finish
  mark_and_mend "$work/marked"
  empty_trash
}

summary() {
  for list in blobs candidates moved put-back; do [ -e "$work/$list" ] || : >"$work/$list"; done
  printf '{"blobs":%s,"candidates":%s,"movedBlobs":%s,"bytes":%s,"putBack":%s,"emptiedBytes":%s,"longestHoldMilliseconds":%s}\n' \
    "$(count "$work/blobs")" "${found:-0}" "$(count "$work/moved")" "${bytes:-0}" "$(count "$work/put-back")" "${emptied:-0}" "$longest"
}
