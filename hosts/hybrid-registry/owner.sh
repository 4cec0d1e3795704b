# The label container-registry.stack says which stack created a container or volume: `PROJECT/STACK ID`. The id is missing
# if it was created before stacks had ids. Several stacks may have the same name, so only the id identifies the owner.

take_owner() { read -r owner_id former_owners; }

# label_of container|volume NAME prints the owner label. Fails if there is no container or volume of that name.
label_of() {
  case "$1" in
  container) docker container inspect -f '{{with .Config.Labels}}{{index . "container-registry.stack"}}{{end}}' "$2" 2>/dev/null ;;
  volume) docker volume inspect -f '{{with .Labels}}{{index . "container-registry.stack"}}{{end}}' "$2" 2>/dev/null ;;
  esac
}

# is_ours LABEL: whether the label is this owner's or that of an owner that it takes over from.
is_ours() {
  case "$1" in
  *" "*) case " $owner_id $former_owners " in *" ${1##* } "*) true ;; *) false ;; esac ;;
  # A container or volume from before stacks had ids has only the stack's name. It is ours if the name is the same and Pulumi's
  # state has the output of an earlier run of this script, since another stack may have the same name.
  *) [ "$1" = "$stack" ] && [ -n "${PULUMI_COMMAND_STDOUT:-}" ] ;;
  esac
}

bears_our_id() { [ "${1##* }" = "$owner_id" ]; }

require_ours() {
  for one in $containers; do require_own_container "$one"; done
  for one in $volumes; do require_own_volume "$one"; done
}

require_own_container() {
  label=$(label_of container "$1") || return 0
  is_ours "$label" ||
    refuse "the container $1" "$label" "remove it (docker rm -f $1; its images stay where they are mounted from)"
}

# A volume keeps its first owner's label when another owner takes over. So a volume is also accepted if one of its
# containers has this owner's id.
require_own_volume() {
  label=$(label_of volume "$1") || return 0
  ! is_ours "$label" || return 0
  for one_container in $containers; do ! bears_our_id "$(label_of container "$one_container")" || return 0; done
  refuse "the Docker volume $1" "$label" "remove it (docker volume rm $1)"
}

# refuse WHAT LABEL NEXT_STEP
refuse() {
  case "$2" in
  "") fail "$1 was not created by this program; $3, or set variant.containerName" ;;
  *" "*) fail "$1 belongs to the stack ${2% *} (owner ${2##* }); take another variant.containerName, or destroy that stack; where its state is lost, have this one take over: takeOverFrom: [${2##* }] in the stack file" ;;
  *) fail "$1 is of the stack $2; $3, or set variant.containerName" ;;
  esac
}
