# Finds problems before anything is changed.
preflight() {
  require_docker
  require_network
  require_ours
  require_port
  require_images
  require_storage
}

require_docker() {
  for program in docker curl; do
    command -v "$program" >/dev/null || fail "$program is not on this machine's PATH; install it (docs/hybrid-registry.md)"
  done
  answer=$(docker version --format '{{.Server.Version}}' 2>&1) || case "$answer" in
  *"permission denied"*) fail "$(id -un) may not use Docker: $answer; add the user to the group docker, or use a rootless Docker" ;;
  *) fail "Docker does not answer: $answer; start it, then run pulumi up again" ;;
  esac
}

require_network() {
  docker network inspect "$network" >/dev/null 2>&1 ||
    fail "Docker has no network $network, which kind makes with its first cluster; kind create cluster --name $cluster, or correct variant.network"
}

# The port must be free, or used by the proxy container that is about to be replaced.
require_port() {
  for holder in $(docker ps --filter "publish=$port" --format '{{.Names}}'); do
    case "$holder" in
    "$container" | "$container-previous") return 0 ;;
    *) docker port "$holder" | grep -qE "(0\.0\.0\.0|127\.0\.0\.1):$port\$" || continue ;;
    esac
    fail "port $port is held by the container $holder; stop it (docker stop $holder), or set variant.port and the port of containerRegistry.host"
  done
  listener=$(listener_of "$port")
  [ -z "$listener" ] ||
    fail "port $port is held by $listener; stop it, or set variant.port and the port of containerRegistry.host"
}

# Prints which process listens on the port on loopback, or nothing if the port is free. Without ss and lsof it prints
# nothing, and Docker reports the conflict when the container starts.
listener_of() {
  if command -v ss >/dev/null; then
    found=$(ss -Hltnp "sport = :$1" | awk '$4 ~ /^(127\.0\.0\.1|0\.0\.0\.0|\*|\[::\]):/' | head -n 1)
    [ -z "$found" ] || printf '%s' "$found" | sed -n 's/.*(("\([^"]*\)",pid=\([0-9]*\).*/the process \1 (pid \2)/p; t; s/.*/a process of another user/p'
  elif command -v lsof >/dev/null; then
    lsof -nP -iTCP:"$1" -sTCP:LISTEN 2>/dev/null | awk 'NR == 2 { printf "the process %s (pid %s)", $1, $2 }'
  fi
}

# Pulls each image by digest from a registry, or loads it from an archive on this machine and finds it by id.
require_images() {
  printf '%s\n' "$images" | while read -r reference archive; do
    ! docker image inspect "$reference" >/dev/null 2>&1 || continue
    if [ "$archive" = - ]; then
      say "pulling $reference"
      run docker pull -q "$reference"
    else
      say "loading $archive"
      run docker load -q -i "$archive"
      docker image inspect "$reference" >/dev/null 2>&1 ||
        fail "$archive holds no image $reference but ${said#Loaded image*: }; set images.*.reference to its id: docker image inspect -f '{{.Id}}' NAME:TAG"
    fi
  done
}

# Both containers run as the user who owns the images, so that new images belong to the same user. If this script creates
# the folder, that is the user who runs the script.
require_storage() {
  said=$(mkdir -p "$storage_path" 2>&1) || fail "variant.storagePath: ${said##*: }: $storage_path"
  owned=$storage_path
  [ ! -d "$storage_path/docker" ] || owned=$storage_path/docker
  # shellcheck disable=SC2012 # stat has other options on every system
  user=$(ls -ldn "$owned" | awk '{ print $3 ":" $4; exit }')
  # In a container of rootless Docker, root is the user who runs the daemon.
  ! docker info --format '{{.SecurityOptions}}' 2>/dev/null | grep -q name=rootless || user=0:0
}
