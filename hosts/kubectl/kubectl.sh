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
    fail "kubectl is not on this machine's PATH, and $purpose by it: https://kubernetes.io/docs/tasks/tools/"
  given=$(mktemp)
  trap 'rm -f "$given"' EXIT
  trap 'exit 143' TERM INT HUP
  # Linux reads an open file that has no name any more: nothing is left of it, whatever ends this program.
  if [ -d /proc/self/fd ]; then
    exec 8<>"$given"
    rm -f "$given"
    trap - EXIT
    given=/proc/self/fd/8
  fi
  cat >"$given"
  [ -s "$given" ] || return 0
  KUBECONFIG=$(head -n 1 "$given")
  case "$KUBECONFIG" in "~/"*) KUBECONFIG=$HOME/${KUBECONFIG#"~/"} ;; esac
  [ -f "$KUBECONFIG" ] || KUBECONFIG=$given
  export KUBECONFIG
}

# Whether this is the cluster that something was placed in: another may stand behind the same context by now.
is_same_cluster() {
  now=$(k get namespace kube-system -o 'jsonpath={.metadata.uid}') || {
    echo "the cluster does not answer: $what is left to it" >&2
    return 1
  }
  [ "$now" = "$cluster" ] || { echo "nothing to remove: the cluster is another" >&2; return 1; }
}
