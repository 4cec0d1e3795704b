# The label container-registry.stack marks what an owner made: `PROJECT/STACK ID`, without the id where it was made before
# stacks had ids. A name alone may be anybody's.

take_owner() { read -r owner_id former_owners; }

# label_of container|volume NAME. Fails where there is none of that name.
label_of() {
  case "$1" in
  container) docker container inspect -f '{{with .Config.Labels}}{{index . "container-registry.stack"}}{{end}}' "$2" 2>/dev/null ;;
  volume) docker volume inspect -f '{{with .Labels}}{{index . "container-registry.stack"}}{{end}}' "$2" 2>/dev/null ;;
  esac
}

# Whether a label is this owner's, or of one that it takes over from.
is_ours() {
  case "$1" in
  *" "*) case " $owner_id $former_owners " in *" ${1##* } "*) true ;; *) false ;; esac ;;
  # Two stacks may have the same name: it is the one's whose state knows of an earlier run.
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

# A volume keeps its first owner's label when another takes over, so its containers' counts, too.
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
