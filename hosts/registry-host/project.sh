compose_file=/etc/container-registry/compose.yaml

compose() { docker compose -f "$compose_file" "$@"; }

# Prints `ID SERVICE` of each running container of this registry; with -a, also of each stopped container.
registry_containers() { labelled_containers "$@" | awk -F '\t' "$from_our_file"'ours() { print $1, $2 }'; }

running_proxy() { registry_containers | sed -n 's/ proxy$//p'; }

is_registry_container() { registry_containers -a | grep "^$1 " >/dev/null; }

# Compose names a project after its folder, so another project may have the same name. A container is this registry's if
# its label names this Compose file; the path of an operator's compose.override.yaml may follow after a comma.
from_our_file='function ours() { return $3 == file || index($3, file ",") == 1 } BEGIN { file = "/etc/container-registry/compose.yaml" } '

labelled_containers() {
  docker ps --no-trunc "$@" --filter "label=com.docker.compose.project=$compose_project" --format \
    '{{.ID}}\t{{.Label "com.docker.compose.service"}}\t{{.Label "com.docker.compose.project.config_files"}}\t{{.Label "com.docker.compose.project.working_dir"}}\t{{.Names}}'
}

# Fails if another Compose project has the same name. Compose compares names only, so it would replace that project's
# containers, or remove them as orphans.
require_own_project() {
  labelled_containers -a | awk -F '\t' "$from_our_file"'!ours() { print $5 " in " ($4 == "" ? "a folder that Compose did not note" : $4) }' | LC_ALL=C sort >"$stage/foreign"
  [ ! -s "$stage/foreign" ] ||
    fail "this host has another Compose project called $compose_project ($(paste -s -d, "$stage/foreign" | sed 's/,/, /g')), and Compose would take its containers for this registry's; nothing was stopped. Give that project another name (docs/registry-host.md#another-compose-project-of-the-same-name), then run pulumi up again"
}
