# Docker: a CA is read on every pull; insecure-registries needs a reload, never a restart.
require_runtime() {
  has dockerd || has docker || fail "Docker is not installed here; install it, or correct the node's runtime"
  require_directory /etc/docker/certs.d
  [ "$plain_http" != true ] || refuse_flags
}

# dockerd does not start any more where flag and file both have a say.
refuse_flags() {
  for pid in $(pidof dockerd); do
    ! cat "/proc/$pid/cmdline" 2>/dev/null | tr '\0' ' ' | grep -q -e --insecure-registry ||
      fail "dockerd was started with --insecure-registry, which it refuses beside the same in /etc/docker/daemon.json; move it there, and restart Docker"
  done
}

activate() {
  ! pending reload || reload_docker
  if [ "$plain_http" = true ] && docker_runs; then await_insecure; fi
}

# Of a first apply that failed: the file is as it was before.
withdraw() { ! first_apply_failed || remove_data; }

remove_data() { ! pending reload || reload_docker; }

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

# Whether the running dockerd took it.
await_insecure() {
  deadline=$(($(date +%s) + 15))
  until [ "$(docker info -f "{{with index .RegistryConfig.IndexConfigs \"$registry_host\"}}{{.Secure}}{{end}}" 2>/dev/null </dev/null)" = false ]; do
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "Docker does not take insecure-registries from /etc/docker/daemon.json; see its log: journalctl -u docker"
    sleep 1
  done
}

require_puller() { docker_runs || fail "Docker does not run; start it, or use verify: ping"; }

pull_probe() { pull_by docker; }
