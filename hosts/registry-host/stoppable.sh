# Fails unless the container or service will stay stopped after the take-over, and put-back can start it again.
require_stoppable() {
  case "$1" in
  process)
    refuse_take_over "$(described "$@") is neither a container of this Docker nor a service of its own, as with Podman, a rootless Docker, Swarm or Kubernetes. $by_hand"
    ;;
  service)
    case "$(systemctl is-enabled "$2" 2>/dev/null)" in
    generated | transient | linked*)
      refuse_take_over "$(described "$@") has no unit file of its own, as with Podman's Quadlet, so it cannot be disabled and started again. $by_hand"
      ;;
    esac
    ;;
  container) require_stoppable_container "$@" ;;
  esac
}

require_stoppable_container() {
  facts=$(docker inspect -f '{{.HostConfig.AutoRemove}} {{with .Config.Labels}}{{index . "com.docker.swarm.service.name"}}{{end}}' "$3")
  case "$facts" in
  true*)
    refuse_take_over "$(described "$@") was started with --rm, so Docker would delete it and its unnamed volumes. $by_hand"
    ;;
  *" "?*)
    refuse_take_over "$(described "$@") belongs to the Swarm service ${facts#* }, which would start another one. Remove that service (docker service rm ${facts#* }); its volumes stay. $by_hand"
    ;;
  esac
  starter=$(unit_that_starts "$2" "$3")
  [ -z "$starter" ] ||
    refuse_take_over "$(described "$@") is started by the service $starter, which would start it again. Disable that without stopping the container (systemctl disable $starter, and where it is active systemctl stop $starter followed by docker start $2), then run pulumi up again"
}

# Prints the systemd service that starts a container: a unit in /etc/systemd/system whose docker command names the
# container, or which names the folder of the container's Compose project.
unit_that_starts() {
  folder=$(docker inspect -f '{{with .Config.Labels}}{{index . "com.docker.compose.project.working_dir"}}{{end}}' "$2")
  {
    grep -lE "^Exec.*docker.*[ =]$1( |\$)" /etc/systemd/system/*.service 2>/dev/null || :
    [ -z "$folder" ] || grep -lE "^(WorkingDirectory=|Exec.*docker.*[ =])$folder(/| |\$)" /etc/systemd/system/*.service 2>/dev/null || :
  } | while read -r file; do
    unit=$(basename "$file")
    ! { systemctl -q is-enabled "$unit" || systemctl -q is-active "$unit"; } 2>/dev/null || printf '%s\n' "$unit"
  done | head -n 1
}
