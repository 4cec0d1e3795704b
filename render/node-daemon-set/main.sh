# Writes the files of the ConfigMap to one node, and repairs them, until the DaemonSet is deleted. `main.sh run` is the pod's
# command, `main.sh ready` its readiness probe. Needs a POSIX sh, curl and BusyBox' tools; settings are environment variables.
set -u
umask 022
: "${ca:=}" "${hosts_line:=}" "${resolve:=}"
for part in words files backup hosts-entry runtime registry end; do
  . "$program/$part.sh"
done

run() {
  trap stop TERM INT
  command -v curl >/dev/null || {
    say "the image has no curl; set nodeDaemonSet.image to one with sh and curl"
    exit 1
  }
  verdict='not looked yet'
  while :; do
    pass
    sleep "$pause" >/dev/null 2>&1 &
    wait $!
  done
}

# Checks the node once. A node that is not ready is checked more often, since `up` waits for it.
pass() {
  reason=ready
  pause=$period
  # In this order, so that nothing is written where the runtime would not read it.
  runtime_reads_trust && write_all_files && ask_registry || pause=$retry
  [ "$reason" = "$verdict" ] || say "$reason"
  verdict=$reason
  printf '%s\n' "$verdict" >"$scratch/verdict.new" && mv "$scratch/verdict.new" "$scratch/verdict"
}

# The kubelet shows the printed reason in the events of a pod that is not ready.
ready() {
  reason=$(cat "$scratch/verdict" 2>/dev/null) || reason='not through its first look at the node'
  [ "$reason" != ready ] || all_unchanged || reason="$changed was changed; put right within $period s"
  printf '%s\n' "$reason"
  [ "$reason" = ready ]
}

"$1"
