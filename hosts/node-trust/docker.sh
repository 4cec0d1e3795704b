# Docker: a CA is read on every pull; insecure-registries needs a reload, never a restart.
daemon_json=/etc/docker/daemon.json
kept=$daemon_json.container-registry.kept

require_runtime() {
  has dockerd || has docker || fail "Docker is not installed here; install it, or correct the node's runtime"
  require_directory /etc/docker/certs.d
  [ "$plain_http" != true ] || refuse_flags
  put_back_kept
}

# dockerd does not start any more where flag and file both have a say.
refuse_flags() {
  for pid in $(pidof dockerd); do
    # shellcheck disable=SC2002 # the process may have ended, and its file with it
    ! cat "/proc/$pid/cmdline" 2>/dev/null | tr '\0' ' ' | grep -q -e --insecure-registry ||
      fail "dockerd was started with --insecure-registry, which it refuses beside the same in $daemon_json; move it there, and restart Docker"
  done
}

activate() {
  ! pending reload || reload_docker
  docker_runs || return 0
  ! [ "$plain_http" = true ] || await_insecure
  insecure_before | while read -r name; do forget_insecure "$name"; done
}

# Of a first apply that failed: the file is as it was before.
withdraw() { ! first_apply_failed || remove_data; }

remove_data() {
  ! pending reload || reload_docker
  forget_insecure "$registry_host"
}

# The registries without TLS of the last apply, which may have been for another registry; and this one, unless it is such.
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

# Whether the running dockerd took it.
await_insecure() {
  within_seconds 15 is_insecure "$registry_host" ||
    fail "Docker does not take insecure-registries from $daemon_json; see its log: journalctl -u docker"
}

is_insecure() {
  [ "$(docker info -f "{{with index .RegistryConfig.IndexConfigs \"$1\"}}{{.Secure}}{{end}}" 2>/dev/null </dev/null)" = false ]
}

is_secure() { ! is_insecure "$1"; }

# Docker takes a key that is gone for one that did not change, and would go on without TLS until it is restarted. So it
# reads an empty list once.
# forget_insecure HOST
forget_insecure() {
  docker_runs && is_insecure "$1" || return 0
  ! grep -q '"insecure-registries"' "$daemon_json" 2>/dev/null || return 0
  if [ -f "$daemon_json" ]; then cp -p "$daemon_json" "$kept"; else : >"$kept"; fi
  with_empty_list >"$stage/emptied"
  cat "$stage/emptied" >"$daemon_json"
  (reload_docker) && within_seconds 15 is_secure "$1" || say "Docker goes on without TLS to $1 until it is restarted"
  put_back_kept
}

# Here, or after a power cut in between.
put_back_kept() {
  [ -f "$kept" ] || return 0
  if [ -s "$kept" ]; then mv -f "$kept" "$daemon_json"; else rm -f "$daemon_json" "$kept"; fi
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
