set -eu
umask 077

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

k() { kubectl ${context:+--context "$context"} "$@"; }

# Reads the stack's kubeconfig from standard input: its text, its path, or nothing if kubectl uses its default kubeconfig.
take_kubeconfig() {
  command -v kubectl >/dev/null ||
    fail "kubectl is not on this machine's PATH, and $purpose by it: https://kubernetes.io/docs/tasks/tools/"
  given=$(mktemp)
  trap 'rm -f "$given"' EXIT
  trap 'exit 143' TERM INT HUP
  # Linux can still read a deleted file that is open. Deleting the file now leaves no credentials on disk, however this
  # program ends.
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

# Exits if the context now leads to another cluster than the one that has this stack's objects.
require_same_cluster() {
  now=$(live_uid) || fail "the cluster does not answer; $what stays as it is; run again once it answers"
  [ "$now" = "$cluster" ] ||
    fail "the context leads to another cluster than the one that has this stack's objects: its kube-system namespace has UID $now, that one's has UID $cluster. $what was not touched; correct the context: kubectl config get-contexts"
}

# Returns 1 if the cluster does not answer and its objects are to be left behind: the stack's deleteUnreachable or the
# variable PULUMI_K8S_DELETE_UNREACHABLE says so. Otherwise exits if the cluster does not answer or is another cluster.
can_remove() {
  if [ "${delete_unreachable:-${PULUMI_K8S_DELETE_UNREACHABLE:-}}" = true ] && ! live_uid >/dev/null; then
    echo "the cluster does not answer, and what is in it is given up: $what is left in it" >&2
    return 1
  fi
  require_same_cluster
}
