# Tells somebody what is wrong, each thing once a day at most. With --test it sends a message that says so.
work=$(mktemp -d "${TMPDIR:-/run}/container-registry-notify.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$told"

find_alarms() {
  # shellcheck disable=SC2086 # a list of assignments
  {
    all_metrics
    cat "$stack_metrics"
  } | awk -v now="$(date +%s)" "$awk_alarms" $limits - >"$work/alarms"
}

# Whether nobody was told of it today. What has ended is forgotten, so that it is told at once when it begins again.
is_new() { [ -z "$(find "$told/$1" -mmin -1410 2>/dev/null)" ]; }

forget_ended() {
  for file in "$told"/*; do
    [ -e "$file" ] || continue
    cut -f1 "$work/alarms" | grep -qxF "${file##*/}" || rm -f "$file"
  done
}

tell_new() {
  : >"$work/ids"
  while IFS='	' read -r id text; do
    is_new "$id" || continue
    printf '%s\n' "$id" >>"$work/ids"
    printf '%s\n' "$registry_name: $text" >>"$work/message"
  done <"$work/alarms"
  [ -s "$work/message" ] || return 0
  send <"$work/message" || return 1
  while read -r id; do : >"$told/$id"; done <"$work/ids"
}

# report FOUND TOLD: what the command `registry notify` prints.
report() { printf '{"found":%s,"told":%s}\n' "$1" "$2"; }

if [ "${1:-}" = --test ]; then
  printf '%s\n' "$registry_name: this is a test; what goes wrong on the registry host will be told like this" | send || exit 1
  report 0 1
  exit
fi
find_alarms
# A container that restarts at this moment, or a proxy that reloads, is no alarm.
! grep -qE '^(container-|not-serving)' "$work/alarms" || {
  sleep "$again_seconds"
  find_alarms
}
forget_ended
tell_new || exit 1
report "$(($(wc -l <"$work/alarms")))" "$(($(wc -l <"$work/ids")))"
