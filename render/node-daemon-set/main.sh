# Keeps one node's trust as the ConfigMap has it, for as long as the DaemonSet lives. `run` is the pod, `ready` its probe.
# POSIX sh; besides it: curl, and what busybox has. Every variable comes from the pod's environment.
set -u
umask 022
: "${ca:=}" "${hosts_line:=}" "${resolve:=}"
for part in words files backup hosts-entry runtime registry end; do
  . "$program/$part.sh"
done

run() {
  trap stop TERM INT
  command -v curl >/dev/null || { say "the image has no curl; set nodeDaemonSet.image to one with sh and curl"; exit 1; }
  verdict='not looked yet'
  while :; do
    pass
    sleep "$pause" >/dev/null 2>&1 &
    wait $!
  done
}

# One look at the node. A node that is not ready is looked at more often: `up` waits for it.
pass() {
  reason=ready
  pause=$period
  # In this order: nothing is written where the runtime would not read it.
  runtime_reads_trust && place_all && ask_registry || pause=$retry
  [ "$reason" = "$verdict" ] || say "$reason"
  verdict=$reason
  printf '%s\n' "$verdict" >"$scratch/verdict.new" && mv "$scratch/verdict.new" "$scratch/verdict"
}

# The kubelet shows what this prints as the reason of a pod that is not ready.
ready() {
  reason=$(cat "$scratch/verdict" 2>/dev/null) || reason='not through its first look at the node'
  [ "$reason" != ready ] || all_in_place || reason="$misplaced was changed; put right within $period s"
  printf '%s\n' "$reason"
  [ "$reason" = ready ]
}

"$1"
