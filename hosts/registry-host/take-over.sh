# Another registry and its proxy hold the ports, as a wiki page set them up: list them, adopt the data, stop and keep them.
announce_take_over() {
  [ -s "$stage/found" ] || return 0
  while read -r port kind name id _; do
    [ "$kind" != process ] ||
      fail "port $port is held by $(described "$kind" "$name" "$id"), which neither Docker nor systemd runs; stop it first"
    say "found on port $port: $(described "$kind" "$name" "$id")"
  done <"$stage/found"
}

take_over_found() {
  [ -s "$stage/found" ] || return 0
  mkdir -p "$state/take-over"
  write_put_back >"$state/take-over/put-back.new"
  chmod 0700 "$state/take-over/put-back.new"
  mv "$state/take-over/put-back.new" "$state/take-over/put-back"
  found_holders | while read -r kind name id _; do
    case "$kind" in
    service) run systemctl disable --now "$name" ;;
    container)
      adopt_storage "$id"
      run docker update --restart=no "$id"
      run docker stop "$id"
      ;;
    esac
  done
  say "the old registry is stopped and kept; to return to it: sudo $state/take-over/put-back"
}

found_holders() { cut -d' ' -f2- "$stage/found" | sort -u; }

# A link, not a copy: nothing is moved, and putting back is removing the link.
adopt_storage() {
  source=$(docker inspect -f '{{range .Mounts}}{{if eq .Destination "/var/lib/registry"}}{{.Source}}{{end}}{{end}}' "$1")
  [ -n "$source" ] && [ "$source" != "$storage_path" ] || return 0
  [ ! -d "$storage_path" ] || [ -L "$storage_path" ] || rmdir "$storage_path" 2>/dev/null ||
    fail "the old registry keeps its images in $source, but $storage_path is not empty; set variant.storagePath: $source"
  say "adopting the images in $source as $storage_path"
  ln -sfn "$source" "$storage_path"
}

# The way back, as one script that needs nothing else.
write_put_back() {
  printf '#!/bin/sh\n# Stops this registry and starts the one it took over from.\nset -eu\n'
  printf 'systemctl disable --now container-registry.service 2>/dev/null || :\n'
  printf "docker ps -a --no-trunc --filter label=com.docker.compose.project=%s --format '{{.ID}} {{.Label \"com.docker.compose.project.config_files\"}}' |\n" "$compose_project"
  printf "  awk '\$2 == \"%s\" || index(\$2, \"%s,\") == 1 { print \$1 }' | xargs -r docker rm -f\n" "$compose_file" "$compose_file"
  printf '[ ! -L %s ] || rm %s\n' "$storage_path" "$storage_path"
  found_holders | while read -r kind name id _; do
    case "$kind" in
    service) printf 'systemctl enable --now %s\n' "$name" ;;
    container)
      docker inspect -f 'docker update --restart={{.HostConfig.RestartPolicy.Name}} {{.Id}} && docker start {{.Id}}' "$id"
      ;;
    esac
  done
}
