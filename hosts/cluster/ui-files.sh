place_ui() {
  take_kubeconfig
  require_same_cluster
  found=$(k get namespace "$namespace" --ignore-not-found -o name)
  [ -n "$found" ] || fail "the cluster has no namespace $namespace; have the stack make it again: pulumi up --refresh"
  set --
  for file in $files; do set -- "$@" "--from-file=$directory/$file"; done
  k create configmap "$name" --namespace "$namespace" "$@" --dry-run=client -o json |
    k apply --server-side --force-conflicts --field-manager container-registry -f -
}

remove_ui() {
  take_kubeconfig
  can_remove || return 0
  k delete configmap "$name" --namespace "$namespace" --ignore-not-found
}
