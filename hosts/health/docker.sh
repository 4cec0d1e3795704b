container_format='"image":{{json .Config.Image}},"state":{{json .State.Status}},"health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}},"restarts":{{.RestartCount}},"started":{{json .State.StartedAt}},"exitCode":{{.State.ExitCode}},"outOfMemory":{{.State.OOMKilled}},"networks":[{{range $name, $_ := .NetworkSettings.Networks}}{{json $name}},{{end}}null],"error":{{json .State.Error}}'

# Docker's version, and the registry's containers, also those that do not run.
read_docker() {
  version=$(docker version --format '{{.Server.Version}}' 2>&1) || {
    problem docker "$version"
    return
  }
  printf ',"docker":{"version":%s,"containers":[%s]}' "$(printf '%s\n' "$version" | json_text)" "$(
    registry_containers -a | {
      while read -r id service; do container "$id" "$service" & done
      wait
    } | sort | listed
  )"
}

# Prints one line, which is shorter than a pipe writes at once, so that containers may be read at the same time.
container() {
  state=$(docker inspect --format "\"name\":{{json .Name}},$container_format" "$1" 2>/dev/null) || return
  printf '{"service":"%s","version":%s,%s}\n' "$2" "$(version_of "$1" "$2" | json_text)" "$state"
}

# The version of the program that runs in a container.
version_of() {
  case "$2" in
  registry) docker exec "$1" registry --version ;;
  proxy) docker exec "$1" caddy version || docker exec "$1" traefik version ;;
  esac 2>/dev/null | version_word
}
