# k3s and RKE2: registries.yaml is read when the service starts, and may be there before it is installed.
require_runtime() { require_directory "$registries_directory"; }

# What the running service was started as: another word after each start.
start_of() { systemctl show -p MainPID,ExecMainStartTimestampMonotonic "$1" | paste -s -d ' ' -; }

activate() {
  due=
  restarted=
  # shellcheck disable=SC2086 -- a list of units
  unit=$(running_unit $units)
  if [ -z "$unit" ]; then
    say "$runtime does not run here yet: it reads $registries_directory/registries.yaml when it starts"
  elif pending restart || was_due; then
    if [ "$restart" = true ]; then restart_unit; else due=$unit; fi
  fi
}

# An earlier run changed the file, and the service still runs as it did then.
was_due() { [ -f "$home/restart-due" ] && [ "$(start_of "$unit")" = "$(cat "$home/restart-due")" ]; }

restart_unit() {
  say "restarting $unit; its pods keep running"
  run systemctl restart "$unit"
  restarted=$unit
}

# Of a first apply that failed: the file is as it was before, and so is to be what runs.
withdraw() {
  first_apply_failed && [ -n "${restarted:-}" ] || return 0
  unit=$restarted
  (restart_unit) || :
}

# Comes last, once all is settled: what is due outlives this run.
summary() {
  rm -f "$home/restart-due"
  [ -z "$due" ] || {
    start_of "$due" >"$home/restart-due"
    say "a restart is due: $due reads registries.yaml only when it starts; systemctl restart $due, or give the node restart: true"
  }
  printf '{"changed":%s,"removed":%s,"restartDue":"%s"}\n' \
    "$(json_list <"$stage/changed")" "$(json_list <"$stage/removed")" "$due" 2>/dev/null || :
}

remove_data() {
  # shellcheck disable=SC2086 -- a list of units
  unit=$(running_unit $units)
  [ -n "$unit" ] || return 0
  if [ "$restart" = true ]; then restart_unit; else
    say "a restart is due: $unit still has the registry; systemctl restart $unit"
  fi
}

# `k3s crictl`, or RKE2's own beside its containerd.
crictl_of() {
  case "$runtime" in
  k3s) printf 'k3s crictl' ;;
  rke2) printf '/var/lib/rancher/rke2/bin/crictl --runtime-endpoint unix:///run/k3s/containerd/containerd.sock' ;;
  esac
}

require_puller() { has curl || fail "there is no curl to ask $registry_urls with; install it, or use verify: none"; }

# A service that has not read the file cannot pull by it: the registry is asked instead.
pull_probe() {
  if [ -z "$unit" ] || [ -n "$due" ]; then
    say "no pull is tried: $runtime has not read its registries yet"
    ping_registry
    return 0
  fi
  # shellcheck disable=SC2046 -- a command and its arguments
  pull_by $(crictl_of)
}
