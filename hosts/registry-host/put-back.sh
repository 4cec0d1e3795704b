# The record of a take-over that is not finished: `KIND NAME ID STATE` for each container and service that it stops,
# `link FOLDER`, `storage IDENTITY`. The file exists from before the first stop until the new registry serves the old
# one's images, or the old registry runs again.
unfinished=$state/take-over/unfinished

# Lines of an interrupted take-over come first and win over newer lines, because they hold the original state.
remember_holders() {
  must "$state/take-over" mkdir -p "$state/take-over"
  {
    [ ! -f "$unfinished" ] || cat "$unfinished"
    found_holders | while read -r kind name id; do printf '%s %s %s %s\n' "$kind" "$name" "${id:--}" "$(state_of "$kind" "$name" "$id")"; done
    [ -z "${old_folder:-}" ] || same_folder "$old_folder" "$storage_path" || printf 'link %s\n' "$old_folder"
    [ -z "${old_identity:-}" ] || printf 'storage %s\n' "$old_identity"
  } | awk '{ what = $1 == "container" || $1 == "service" ? $1 " " $2 " " $3 : $1 } !seen[what]++' >"$unfinished.new"
  must "$unfinished" mv "$unfinished.new" "$unfinished"
}

# Prints a container's restart policy, or whether a service is enabled.
state_of() {
  case "$1" in
  container) docker inspect -f '{{with .HostConfig.RestartPolicy}}{{or .Name "no"}}{{if .MaximumRetryCount}}:{{.MaximumRetryCount}}{{end}}{{end}}' "$3" ;;
  service) systemctl is-enabled "$2" 2>/dev/null || : ;;
  esac
}

# Prints a script that stops this registry and starts the old one. The script needs no other file. The old registry
# starts before its proxy.
write_put_back() {
  printf '#!/bin/sh\n# Stops this registry and starts the one it took over from.\nset -eu\n'
  printf 'systemctl disable --now container-registry.service 2>/dev/null || :\n'
  printf "docker ps -a --no-trunc --filter label=com.docker.compose.project=%s --format '{{.ID}} {{.Label \"com.docker.compose.project.config_files\"}}' |\n" "$compose_project"
  printf "  awk '\$2 == \"%s\" || index(\$2, \"%s,\") == 1 { print \$1 }' | xargs -r docker rm -f\n" "$compose_file" "$compose_file"
  sed '1!G;h;$!d' "$unfinished" | while read -r kind name id state; do
    case "$kind $state" in
    link*) printf '[ "$(readlink %s)" != %s ] || rm %s\n' "$storage_path" "$name" "$storage_path" ;;
    container*) printf 'docker update --restart=%s %s\ndocker start %s\n' "$state" "$id" "$id" ;;
    "service enabled") printf 'systemctl enable --now %s\n' "$name" ;;
    service*) printf 'systemctl start %s\n' "$name" ;;
    esac
  done
  printf 'rm -f %s\n' "$unfinished"
}
