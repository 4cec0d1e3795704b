# Prints `ID SERVICE` of both containers of a registry that Compose did not create.
registry_containers() {
  docker ps --all --no-trunc --format '{{.ID}} {{.Names}}' | awk -v name="$container_name" '
    $2 == name { print $1, "proxy" }
    $2 == name "-storage" { print $1, "registry" }'
}
