# Copies the storage while pushes go on, and prints what the backup covers as JSON.
back_up() {
  take_locks
  require_repository may_create
  forget_incomplete
  now=$(date +%s)
  covered=$(date -d "@$now" +%Y-%m-%dT%H:%M:%SZ)
  run=run-$(date -d "@$now" +%Y%m%dT%H%M%SZ)
  # A registry without images has neither folder. A storage that is mounted read-only gets them by the first push.
  mkdir -p "$storage/$tree/repositories" "$storage/$tree/blobs" 2>"$lists/said" ||
    fail "there are no images in $storage yet; push one first ($(cat "$lists/said"))"
  files=0 bytes=0 added=0
  tags=$(find "$storage/$tree/repositories" -path '*/_manifests/tags/*/current/link' | wc -l)
  [ ! -d "$certificates" ] || copy_part proxy "$(dirname "$certificates")" "$(basename "$certificates")"
  copy_part repositories "$storage" "$tree/repositories"
  copy_part blobs "$storage" "$tree/blobs"
  let_collection_begin
  say "deleting backups that are older than the stack keeps"
  # shellcheck disable=SC2086 # keep is a list of options
  restic forget --tag container-registry --group-by host,paths $keep --prune >/dev/null 2>"$lists/said" ||
    fail "the backup is complete, but restic cannot delete old ones: $(last_words)"
  count=$(complete_runs | wc -l)
  printf '{"covered":"%s","repository":"%s","files":%s,"bytes":%s,"added":%s,"seconds":%s,"backups":%s}\n' \
    "$covered" "$repository" "$files" "$bytes" "$added" $(($(date +%s) - now)) "$((count))" | tee "$remembered/last-backup"
}

# copy_part NAME FOLDER PATH: one snapshot of the path below the folder. Uploads that are not finished are left out.
copy_part() {
  say "copying $1"
  (
    cd "$2" || exit 1
    restic backup --json --host container-registry --time "$(date -d "@$now" '+%Y-%m-%d %H:%M:%S')" --exclude _uploads \
      --tag "container-registry,tags-$((tags)),$run,$1" "$3" 2>"$lists/said"
    echo $? >"$lists/status"
  ) | tell_progress
  status=$(cat "$lists/status")
  [ "$status" = 0 ] || { [ "$status" = 3 ] && only_vanished; } ||
    fail "restic cannot copy $1 to $repository: $(last_words)"
  files=$((files + $(summary total_files_processed)))
  bytes=$((bytes + $(summary total_bytes_processed)))
  added=$((added + $(summary data_added)))
}

# restic's exit status 3 means that it could not read a file. One that a client deleted meanwhile is none of the backup.
only_vanished() { ! grep -q . "$lists/said" || ! grep -v 'no such file or directory' "$lists/said" | grep -q '"error"'; }

tell_progress() {
  awk -v summary="$lists/summary" '
    /"message_type":"summary"/ { print >summary }
    /"message_type":"status"/ && match($0, /"percent_done":[0-9.e-]+/) {
      percent = int(100 * substr($0, RSTART + 15, RLENGTH - 15))
      if (percent > told) print (told = percent) " %"
    }
  ' >&2
}

summary() {
  number=$(sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$lists/summary")
  echo "${number:-0}"
}
