# k3s and RKE2 read registries.yaml when their service starts. The file may exist before the service is installed.
require_runtime() {
  require_directory "$registries_directory"
  [ "$restart" != true ] || has curl ||
    fail "there is no curl to ask whether the node is Ready again after its restart; install it, or restart the node yourself (restart: false)"
}

# start_of UNIT: prints a text that is different after each start of the service.
start_of() { systemctl show -p MainPID,ExecMainStartTimestampMonotonic "$1" | paste -s -d ' ' -; }

hook_activate() {
  outdated=
  restarted=
  # shellcheck disable=SC2086 # a list of units
  unit=$(running_unit $units)
  if [ -z "$unit" ]; then
    say "$runtime does not run here yet: it reads $registries_directory/registries.yaml when it starts"
  elif action_pending restart || restart_was_needed; then
    if [ "$restart" = true ]; then restart_unit; else outdated=$unit; fi
  fi
}

# Whether an earlier run, perhaps of another stack, changed registries.yaml and the service has not been restarted since.
restart_was_needed() { cat "$state"/*/restart-due 2>/dev/null | grep -qxF "$(start_of "$unit")"; }

restart_unit() {
  say "restarting $unit; its pods keep running"
  restarted=$unit
  run systemctl restart "$unit"
  await_ready
}

# Waits until the node is Ready again. The next node restarts only after that, so that a cluster never lacks more than one
# of its servers.
await_ready() {
  say "waiting until the node is Ready again"
  within_seconds "$ready_seconds" is_ready ||
    fail "$unit was restarted, but the node is not Ready again after $ready_seconds s: $not_ready; see journalctl -u $unit"
}

is_ready() {
  not_ready="its kubelet gives no healthy answer on http://127.0.0.1:10248/healthz"
  [ "$(curl -fsS --noproxy '*' --max-time 5 http://127.0.0.1:10248/healthz 2>/dev/null)" = ok ] || return 1
  case "$unit" in *-agent) return 0 ;; esac
  not_ready="its API server is not ready ($(kubectl_of) get --raw /readyz)"
  ask_api get --raw /readyz || return 1
  not_ready="its Node object is not Ready ($(kubectl_of) get nodes)"
  ask_api get nodes -o 'jsonpath={range .items[*]}{.status.nodeInfo.bootID} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' || return 1
  # Compares the boot's id, since the node may have another name than the machine.
  grep -qx "$(cat /proc/sys/kernel/random/boot_id) True" "$stage/answer"
}

# shellcheck disable=SC2046 # a command and its arguments
ask_api() { $(kubectl_of) --request-timeout=5s "$@" >"$stage/answer" 2>/dev/null </dev/null; }

kubectl_of() {
  case "$runtime" in
  k3s) printf 'k3s kubectl --kubeconfig /var/lib/rancher/k3s/server/cred/admin.kubeconfig' ;;
  rke2) printf '/var/lib/rancher/rke2/bin/kubectl --kubeconfig /var/lib/rancher/rke2/server/cred/admin.kubeconfig' ;;
  esac
}

# The old file is restored by now. A service that was restarted with the new file is restarted again.
hook_abort() {
  [ -n "${restarted:-}" ] || return 0
  unit=$restarted
  (restart_unit) || :
}

# Records a restart that is needed but not allowed, for later runs.
hook_summarize() {
  rm -f "$home/restart-due"
  [ -z "$outdated" ] || {
    start_of "$outdated" >"$home/restart-due"
    say "a restart is needed: $outdated reads registries.yaml only when it starts; systemctl restart $outdated, or give the node restart: true"
  }
  print_summary ",\"restartDue\":\"$outdated\""
}

hook_deactivate() {
  # shellcheck disable=SC2086 # a list of units
  unit=$(running_unit $units)
  [ -n "$unit" ] || return 0
  # The file has not changed if another owner has the same entries.
  action_pending restart || restart_was_needed || return 0
  if [ "$restart" = true ]; then restart_unit; else
    say "a restart is needed: $unit still has the registry; systemctl restart $unit"
  fi
}

# Prints the command `k3s crictl`, or RKE2's own crictl with the socket of RKE2's containerd.
crictl_of() {
  case "$runtime" in
  k3s) printf 'k3s crictl' ;;
  rke2) printf '/var/lib/rancher/rke2/bin/crictl --runtime-endpoint unix:///run/k3s/containerd/containerd.sock' ;;
  esac
}

require_puller() { has curl || fail "there is no curl to ask $registry_urls with; install it, or use verify: none"; }

# A service that has not read registries.yaml cannot pull from the registry. The registry is asked directly instead.
pull_probe() {
  if [ -z "$unit" ] || [ -n "$outdated" ]; then
    say "no pull is tried: $runtime has not read its registries yet"
    ping_registry
    return 0
  fi
  # shellcheck disable=SC2046 # a command and its arguments
  pull_by $(crictl_of)
}
