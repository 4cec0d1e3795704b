set -eu
umask 077

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

k() { kubectl ${context:+--context "$context"} "$@"; }

# Standard input is the stack's kubeconfig: its text or its path, or nothing where kubectl's own is meant.
take_kubeconfig() {
  command -v kubectl >/dev/null ||
    fail "kubectl is not on this machine's PATH, and variant.ui builtin brings its page into the cluster by it: https://kubernetes.io/docs/tasks/tools/"
  given=$(mktemp)
  trap 'rm -f "$given"' EXIT
  trap 'exit 143' TERM INT
  cat >"$given"
  [ -s "$given" ] || return 0
  KUBECONFIG=$(head -n 1 "$given")
  case "$KUBECONFIG" in "~/"*) KUBECONFIG=$HOME/${KUBECONFIG#"~/"} ;; esac
  [ -f "$KUBECONFIG" ] || KUBECONFIG=$given
  export KUBECONFIG
}

place_page() {
  take_kubeconfig
  found=$(k get namespace "$namespace" --ignore-not-found -o name)
  [ -n "$found" ] || fail "the cluster has no namespace $namespace; have the stack make it again: pulumi up --refresh"
  set --
  for file in $files; do set -- "$@" "--from-file=$directory/$file"; done
  k create configmap "$name" --namespace "$namespace" "$@" --dry-run=client -o json |
    k apply --server-side --force-conflicts --field-manager container-registry -f -
}

# Only in the cluster that it was placed in: another may stand behind the same context by now, with a page of its own.
remove_page() {
  take_kubeconfig
  now=$(k get namespace kube-system -o 'jsonpath={.metadata.uid}') || {
    echo "the cluster does not answer: $name in $namespace is left to it" >&2
    return 0
  }
  [ "$now" = "$cluster" ] || { echo "nothing to remove: the cluster is another" >&2; return 0; }
  k delete configmap "$name" --namespace "$namespace" --ignore-not-found
}
