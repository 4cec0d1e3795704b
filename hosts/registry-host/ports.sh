# Every port this host needs: free, held by this registry, or left to the take-over.
require_ports() {
  for port in $ports; do
    holder=$(port_holder "$port")
    [ -n "$holder" ] || continue
    case "$holder" in "container "*" $compose_project") continue ;; esac
    [ "$take_over" = true ] ||
      fail "port $port is held by $(described $holder); stop it, or, if it is the registry this one replaces, set variant.takeOver: true"
    printf '%s %s\n' "$port" "$holder" >>"$stage/found"
  done
}

described() {
  case "$1" in
  container) printf 'the container %s (%s)' "$2" "$(docker inspect -f '{{.Config.Image}}' "$3")" ;;
  service) printf 'the service %s' "$2" ;;
  process) printf 'the process %s (pid %s)' "$2" "$3" ;;
  esac
}

# `container NAME ID PROJECT`, `service UNIT` or `process NAME PID`; nothing for a free port.
port_holder() {
  pid=$(ss -Hltnp "sport = :$1" | sed -n 's/.*pid=\([0-9]*\).*/\1/p' | head -n 1)
  [ -n "$pid" ] || return 0
  container=$(container_of "$1" "$pid")
  if [ -n "$container" ]; then
    docker inspect -f 'container {{slice .Name 1}} {{.Id}} {{or (index .Config.Labels "com.docker.compose.project") "-"}}' "$container"
    return 0
  fi
  unit=$(ps -o unit= -p "$pid" 2>/dev/null)
  case "$unit" in
  *.service) printf 'service %s\n' "$unit" ;;
  *) printf 'process %s %s\n' "$(cat "/proc/$pid/comm")" "$pid" ;;
  esac
}

# By the port it publishes, else, on the host's own network, by the process it started.
container_of() {
  published=$(docker ps -q --filter "publish=$1")
  if [ -n "$published" ]; then
    printf '%s\n' "$published" | head -n 1
    return 0
  fi
  docker ps -q --filter network=host | while read -r id; do
    ! docker top "$id" -eo pid | grep -qx " *$2 *" || printf '%s\n' "$id"
  done
}
