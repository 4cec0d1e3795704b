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
  # shellcheck disable=SC2088 # a literal tilde, which a person wrote
  case "$KUBECONFIG" in "~/"*) KUBECONFIG=$HOME/${KUBECONFIG#"~/"} ;; esac
  [ -f "$KUBECONFIG" ] || KUBECONFIG=$given
  export KUBECONFIG
}

live_uid() { k get namespace kube-system --request-timeout=60s -o 'jsonpath={.metadata.uid}'; }

# Another cluster may stand behind the same context by now. Nothing may be changed there.
require_same_cluster() {
  now=$(live_uid) || fail "the cluster does not answer; $what stays as it is; run again once it answers"
  [ "$now" = "$cluster" ] ||
    fail "the context leads to another cluster than the one that has this stack's objects: its kube-system namespace has UID $now, that one's has UID $cluster. $what was not touched; correct the context: kubectl config get-contexts"
}

# Fails where the cluster does not answer and the stack, or the variable of Pulumi's Kubernetes provider, gives up what
# is in it. Ends the program where there may be something to remove that cannot be removed now.
can_remove() {
  if [ "${delete_unreachable:-${PULUMI_K8S_DELETE_UNREACHABLE:-}}" = true ] && ! live_uid >/dev/null; then
    echo "the cluster does not answer, and what is in it is given up: $what is left in it" >&2
    return 1
  fi
  require_same_cluster
}
