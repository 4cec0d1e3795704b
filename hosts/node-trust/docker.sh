# Docker reads a CA on every pull. A change of insecure-registries needs a reload, never a restart.
daemon_json=/etc/docker/daemon.json
# The original daemon.json, while forget_insecure has written a temporary one to its path.
original=$daemon_json.container-registry.kept # written by version 0.1

require_runtime() {
  has dockerd || has docker || fail "Docker is not installed here; install it, or correct the node's runtime"
  require_directory /etc/docker/certs.d
  [ "$plain_http" != true ] || require_no_flags
  restore_daemon_json
}

# dockerd does not start where both a flag and daemon.json name insecure registries.
require_no_flags() {
  for pid in $(pidof dockerd); do
    # shellcheck disable=SC2002 # the process may have ended, and its file with it
    ! cat "/proc/$pid/cmdline" 2>/dev/null | tr '\0' ' ' | grep -q -e --insecure-registry ||
      fail "dockerd was started with --insecure-registry, which it refuses beside the same in $daemon_json; move it there, and restart Docker"
  done
}

hook_activate() {
  ! action_pending reload || reload_docker
  docker_runs || return 0
  ! [ "$plain_http" = true ] || await_insecure
  insecure_before | while read -r name; do forget_insecure "$name"; done
  [ "$plain_http" = true ] || ! is_insecure "$registry_host" || ! grep -qF "\"$registry_host\"" "$daemon_json" 2>/dev/null ||
    say "Docker does not verify the certificate of $registry_host, since somebody named it in insecure-registries; take it out of $daemon_json, then reload Docker"
}

hook_abort() { hook_deactivate; }

hook_deactivate() {
  ! action_pending reload || reload_docker
  forget_insecure "$registry_host"
}

# Prints the registries to remove from Docker's insecure-registries: the one that the last apply added, which may have been
# another registry, and this one if it has TLS now (plain_http is not true).
insecure_before() {
  {
    [ "$plain_http" = true ] || printf '%s\n' "$registry_host"
    old_entries | awk '$1 == "daemon-json" { print $3 }' | decode | sed 's/.*\["\(.*\)"\].*/\1/'
  } | sort -u
}

docker_runs() { docker info >/dev/null 2>&1 </dev/null; }

reload_docker() {
  if [ -n "$(running_unit docker)" ]; then
    run systemctl reload docker
  elif docker_runs && pid=$(pidof dockerd); then
    run kill -HUP "$pid"
  else
    say "Docker does not run: it reads daemon.json when it starts"
  fi
}

# Waits until the running dockerd has read insecure-registries from daemon.json.
await_insecure() {
  within_seconds 15 is_insecure "$registry_host" ||
    fail "Docker has not read insecure-registries from $daemon_json; see its log: journalctl -u docker"
}

is_insecure() {
  [ "$(docker info -f "{{with index .RegistryConfig.IndexConfigs \"$1\"}}{{.Secure}}{{end}}" 2>/dev/null </dev/null)" = false ]
}

is_secure() { ! is_insecure "$1"; }

# forget_insecure HOST: makes Docker use TLS to this host again. Docker ignores that the key insecure-registries is missing
# and would use no TLS until its next restart, so it must read an empty list once.
forget_insecure() {
  docker_runs && is_insecure "$1" || return 0
  ! grep -q '"insecure-registries"' "$daemon_json" 2>/dev/null || return 0
  if [ -f "$daemon_json" ]; then cp -p "$daemon_json" "$original"; else : >"$original"; fi
  with_empty_list >"$stage/emptied"
  cat "$stage/emptied" >"$daemon_json"
  (reload_docker) && within_seconds 15 is_secure "$1" || say "Docker goes on without TLS to $1 until it is restarted"
  restore_daemon_json
}

# Also called by the next apply, since this one may be interrupted.
restore_daemon_json() {
  [ -f "$original" ] || return 0
  if [ -s "$original" ]; then mv -f "$original" "$daemon_json"; else rm -f "$daemon_json" "$original"; fi
}

with_empty_list() {
  # shellcheck disable=SC2002 # there may be no such file
  case "$(cat "$daemon_json" 2>/dev/null | tr -d ' \t\r\n')" in
  '' | '{}') echo '{"insecure-registries":[]}' ;;
  *) awk '!done { done = sub(/[{]/, "{\"insecure-registries\":[],") } { print }' "$daemon_json" ;;
  esac
}

require_puller() { docker_runs || fail "Docker does not run; start it, or use verify: ping"; }

pull_probe() { pull_by docker; }
