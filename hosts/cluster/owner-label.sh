# Replaces the owner label of a former owner, a ConfigMap, with an empty one. The first stack that writes its id into the
# empty ConfigMap becomes the owner.
free_owner_label() {
  take_kubeconfig
  require_same_cluster
  # The UID of the ConfigMap beside the label is read before the label. If another stack replaces that ConfigMap after this
  # line, the UID does not match and the new ConfigMap is not deleted.
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

# remove_owner_label NAME UID deletes the ConfigMap only if it still has this UID. When two stacks take over at once, the
# other stack may have created a new ConfigMap of this name.
remove_owner_label() {
  [ -n "$2" ] || return 0
  said=$(printf '{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"%s"}}' "$2" |
    k delete --raw "/api/v1/namespaces/$namespace/configmaps/$1" -f - 2>&1) && return 0
  case "$said" in *"(NotFound)"* | *"(Conflict)"*) ;; *) fail "$said" ;; esac
}
