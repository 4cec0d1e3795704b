# Replaces the owner label of a former owner with an empty one, which the first stack to write into it gets.
free_owner_label() {
  take_kubeconfig
  require_same_cluster
  # Read before the label: what a stack has put there since is not what the former owner left.
  beside_uid=$([ -z "$beside" ] || k get configmap "$beside" --namespace "$namespace" --ignore-not-found -o 'jsonpath={.metadata.uid}')
  found=$(k get configmap "$label" --namespace "$namespace" --ignore-not-found -o 'jsonpath={.metadata.uid} {.data.owner}') ||
    fail "kubectl cannot read the ConfigMap $label in namespace $namespace"
  if is_former "${found##* }"; then
    remove_owner_label "$beside" "$beside_uid"
    remove_owner_label "$label" "${found%% *}"
  fi
  k create configmap "$label" --namespace "$namespace" >/dev/null 2>&1 ||
    k get configmap "$label" --namespace "$namespace" -o name >/dev/null
}

is_former() { case " $former_owners " in *" $1 "*) true ;; *) false ;; esac }

# Only the very object that was read: two stacks may take over at once, and one has made its own meanwhile.
remove_owner_label() {
  [ -n "$2" ] || return 0
  said=$(printf '{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"%s"}}' "$2" |
    k delete --raw "/api/v1/namespaces/$namespace/configmaps/$1" -f - 2>&1) && return 0
  case "$said" in *"(NotFound)"* | *"(Conflict)"*) ;; *) fail "$said" ;; esac
}
