# Reads the arguments, takes the lock, and runs one task.

work_in_temporary_folder() {
  work=$(mktemp -d "${TMPDIR:-/run}/collect.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  : >"$work/put-back"
  : >"$work/errors"
}

# Takes the lock. A backup shares it, so that nothing is collected meanwhile. --finish never waits, because the registry's
# start waits for it; a collection that runs ends its work itself.
lock() {
  exec 9>>"$collection/lock"
  flock -n 9 || {
    [ "$task" != finish ] || {
      say "nothing to finish: a backup or collection is running"
      exit 0
    }
    say "waiting until the backup or collection that runs has ended"
    waited=0
    until flock -n 9; do
      [ $((waited += 1)) -le 7200 ] ||
        fail "a backup or collection has been running for two hours; see what it does, then collect again"
      sleep 1
    done
  }
}

# Keeps what this collection did, for whoever asks when the last one was.
remember() { cp "$work/summary" "$collection/last.new" 2>/dev/null && mv "$collection/last.new" "$collection/last" || rm -f "$collection/last.new"; }

task=collect dry_run=false min_age=86400 wait=600 longest=0
while [ $# -gt 0 ]; do
  case "$1" in
  --dry-run) dry_run=true ;;
  --min-age) min_age=$2 && shift ;;
  --wait) wait=$2 && shift ;;
  --undo | --purge | --finish) task=${1#--} ;;
  sha256:*) break ;;
  *) fail "unknown argument: $1" ;;
  esac
  shift
done

mkdir -p "$collection" "$trash" "$hold" "$collection/candidates"
lock
# A process of its own, so that whichever of the two is killed, the other one ends the work.
(
  work_in_temporary_folder
  rm -f "$collection/reserve"
  "$task" "$@"
  summary >"$work/summary"
  cat "$work/summary"
  [ "$dry_run" = true ] || record_disk_use
  [ "$task $dry_run" != "collect false" ] || remember
  # Room for the lists of a collection on a full disk.
  head -c 4194304 /dev/zero >"$collection/reserve" 2>/dev/null || rm -f "$collection/reserve"
) &
child=$!
trap 'kill "$child"' INT TERM HUP
wait "$child" && status=0 || status=$?
[ "$status" -eq 0 ] || (
  work_in_temporary_folder
  finish
)
exit "$status"
