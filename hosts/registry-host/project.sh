compose_file=/etc/container-registry/compose.yaml

compose() { docker compose -f "$compose_file" "$@"; }

# `ID SERVICE` of each running container of this registry; with -a, of stopped ones too.
registry_containers() { labelled_containers "$@" | awk -F '\t' "$from_our_file"'ours() { print $1, $2 }'; }

running_proxy() { registry_containers | sed -n 's/ proxy$//p'; }

is_registry_container() { registry_containers -a | grep -q "^$1 "; }

# Compose names a project after its folder unless it is told a name, so another project may have this one's name. The file
# that a container was made from tells them apart; an operator's compose.override.yaml follows it after a comma.
from_our_file='function ours() { return $3 == file || index($3, file ",") == 1 } BEGIN { file = "/etc/container-registry/compose.yaml" } '

labelled_containers() {
  docker ps --no-trunc "$@" --filter "label=com.docker.compose.project=$compose_project" --format \
    '{{.ID}}\t{{.Label "com.docker.compose.service"}}\t{{.Label "com.docker.compose.project.config_files"}}\t{{.Label "com.docker.compose.project.working_dir"}}\t{{.Names}}'
}

# Compose goes by the name alone: it would replace the foreign containers, or remove them as orphans.
require_own_project() {
  labelled_containers -a | awk -F '\t' "$from_our_file"'!ours() { print $5 " in " ($4 == "" ? "a folder that Compose did not note" : $4) }' | LC_ALL=C sort >"$stage/foreign"
  [ ! -s "$stage/foreign" ] ||
    fail "this host has another Compose project called $compose_project ($(paste -s -d, "$stage/foreign" | sed 's/,/, /g')), and Compose would take its containers for this registry's; nothing was stopped. Give that project another name (docs/registry-host.md#another-compose-project-of-the-same-name), then run pulumi up again"
}
