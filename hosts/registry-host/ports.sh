# Each port that this registry needs must be free or held by this registry. With takeOver another program may hold the
# port; it is written to $stage/found.
require_ports() {
  for port in $ports; do
    holder=$(port_holder "$port")
    [ -n "$holder" ] || continue
    # shellcheck disable=SC2086 # a holder is a list of words
    ! held_by_registry $holder || continue
    # shellcheck disable=SC2086 # a holder is a list of words
    [ "$take_over" = true ] ||
      fail "port $port is held by $(described $holder); stop it, or, if it is the registry this one replaces, set variant.takeOver: true"
    printf '%s %s\n' "$port" "$holder" >>"$stage/found"
  done
}

held_by_registry() { [ "${1:-}" = container ] && is_registry_container "$3"; }

described() {
  case "$1" in
  container) printf 'the container %s (%s)' "$2" "$(docker inspect -f '{{.Config.Image}}' "$3")" ;;
  service) printf 'the service %s' "$2" ;;
  process)
    printf 'the process %s (pid %s' "$2" "$3"
    [ "$2" != dockerd ] || printf ', Docker itself, for a Swarm service'
    printf ')'
    ;;
  *) printf 'nobody' ;;
  esac
}

# Prints who holds a port: `container NAME ID`, `service UNIT` or `process NAME PID`. Prints nothing for a free port.
port_holder() {
  # Docker is asked first, since without its userland proxy it publishes a port on which no process listens.
  container=$(docker ps -q --no-trunc --filter "publish=$1/tcp" | head -n 1)
  if [ -n "$container" ]; then
    container_words "$container"
    return 0
  fi
  pid=$(ss -Hltnp "sport = :$1" | sed -n 's/.*pid=\([0-9]*\).*/\1/p' | head -n 1)
  [ -z "$pid" ] || process_holder "$pid"
}

# Prints the container, service or process that runs a process, in port_holder's format.
process_holder() {
  container=$(container_of "$1")
  unit=$(ps -o unit= -p "$1" 2>/dev/null) || :
  if [ -n "$container" ]; then
    container_words "$container"
  else
    case "$unit" in
    # These units run many other programs: containers of Docker and Kubernetes, or everything that a user started.
    docker.service | containerd.service | podman.service | k3s*.service | rke2*.service | kubelet.service | snap.* | user@*.service) ;;
    *.service)
      printf 'service %s\n' "$unit"
      return 0
      ;;
    esac
    printf 'process %s %s\n' "$(cat "/proc/$1/comm")" "$1"
  fi
}

container_words() { docker inspect -f 'container {{slice .Name 1}} {{.Id}}' "$1"; }

# Prints the id of the Docker container in which a process runs. Only processes of that container share its mount
# namespace.
container_of() {
  namespace=$(readlink "/proc/$1/ns/mnt") || return 0
  docker ps -q | xargs -r docker inspect -f '{{.State.Pid}} {{.Id}}' | while read -r first id; do
    [ "$(readlink "/proc/$first/ns/mnt")" != "$namespace" ] || printf '%s\n' "$id"
  done
}
