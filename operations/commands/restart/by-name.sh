# The two containers of a registry beside kind.
container_of() { if [ "$1" = registry ]; then echo "$container_name-storage"; else echo "$container_name"; fi; }

restart_containers() { docker restart "$(container_of "$1")"; }

# The registry's container has no network, only a socket that the proxy's container sees, too.
serves() {
  case "$1" in
  registry) docker exec "$(container_of registry)" test -S "$registry_socket" ;;
  proxy) docker exec "$container_name" wget -q --spider "http://127.0.0.1:$proxy_port/healthz" ;;
  esac
}

last_words() { words_in "$(docker logs --tail 40 "$(container_of "$1")" 2>&1)"; }
