# verify PERCENT: checks the live storage, then that the newest backup restores: everything, or that share of its tags, is
# restored beside the live storage, re-hashed, resolved, and pulled by digest from a second registry. Prints each problem with
# `live` or `backup` in front, then a summary as JSON. The exit status is 4 if there are problems.
verify() {
  take_locks
  now=$(date +%s)
  require_repository exists
  complete_runs >"$lists/runs"
  read -r run repositories blobs _ <"$lists/runs" || fail "there is no complete backup at $repository; make one first: registry backup"
  say "checking the live storage"
  check_storage "$storage" | sed 's/^/live	/' >"$lists/problems"
  let_collection_begin
  say "checking the backups' structure"
  restic check >/dev/null 2>"$lists/said" || fail "the restic repository $repository is damaged: $(tail -n 5 "$lists/said")"
  if [ -n "$1" ]; then restore_sample "$1"; else restore_all; fi
  say "checking what was restored"
  check_storage "$scratch" | sed 's/^/backup	/' >>"$lists/problems"
  count=$(($(wc -l <"$lists/sizes")))
  [ -n "$1" ] || tags=$(grep -c '^tag ' "$lists/links") restored_tags=$tags
  say "pulling by digest from a second registry"
  start_scratch_registry
  pull_by_digest | sed 's/^/backup	/' >>"$lists/problems"
  report_problems
  printf '{"backup":"%s","tags":%s,"restoredTags":%s,"blobs":%s,"pulled":%s,"seconds":%s,"problems":%s}\n' \
    "$(time_of_run "$run")" "$((tags))" "$((restored_tags))" "$count" "$(($(wc -l <"$lists/pulls")))" $(($(date +%s) - now)) "$problems" | tee "$remembered/last-verify"
  [ "$problems" -eq 0 ] || exit 4
}

# Prints $lists/problems for programs and for people, and counts them.
report_problems() {
  cat "$lists/problems"
  awk -F'\t' '{ print $1 ": " $2 " " $3 ($4 == "" ? "" : ", which hurts " $4) }' "$lists/problems" >&2
  problems=$(($(wc -l <"$lists/problems")))
}

# Restores the whole run into $scratch, if the disk has room for it.
restore_all() {
  needed=$(($(restore_size "$repositories") + $(restore_size "$blobs")))
  require_room "$needed"
  install -d -m 0700 "$scratch"
  for id in "$repositories" "$blobs"; do
    say "restoring $id"
    restic restore "$id" --target "$scratch" >/dev/null 2>"$lists/said" || fail "restic cannot restore $id: $(tail -n 5 "$lists/said")"
  done
}

restore_size() {
  restic stats --json --mode restore-size "$1" 2>/dev/null | sed -n 's/.*"total_size":\([0-9]*\).*/\1/p'
}

# require_room BYTES: whether the storage's disk has room for them, and a tenth more.
require_room() {
  free=$(($(df -kP "$storage" | awk 'NR == 2 { print $4 }') * 1024))
  [ "$free" -gt $(($1 * 11 / 10)) ] ||
    fail "restoring takes $(($1 / 1048576)) MiB beside the live storage, and the disk of $storage has $((free / 1048576)) MiB free; make room there"
}

# 20270115T023000Z → 2027-01-15T02:30:00Z
time_of_run() { printf '%s\n' "$1" | sed 's/^\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z$/\1-\2-\3T\4:\5:\6Z/'; }
