# Kubernetes makes it a moment after its namespace.
await_account() {
  take_kubeconfig
  require_same_cluster
  found=$(k get namespace "$namespace" --ignore-not-found -o name)
  [ -n "$found" ] || fail "the cluster has no namespace $namespace; make it, and run again: kubectl create namespace $namespace"
  tries=30
  until found=$(k get serviceaccount default --namespace "$namespace" --ignore-not-found -o name) && [ -n "$found" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] ||
      fail "namespace $namespace has no ServiceAccount default after 30 s, which Kubernetes makes by itself: kubectl get serviceaccounts --namespace $namespace"
    sleep 1
  done
}

place_pull_secret() {
  take_kubeconfig
  require_same_cluster
  change_account placed
}

# Only what was placed: a line that was there before has no mark.
remove_pull_secret() {
  take_kubeconfig
  can_remove || return 0
  change_account removed
}

# The list is one value to the API: whoever changes it writes all of it, and none that came in between may be lost.
change_account() {
  tries=20
  until change_account_once "$1"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "ServiceAccount default in namespace $namespace is changed by somebody else all the time; run again"
    sleep 1
  done
}

# The resourceVersion has the API refuse it where the ServiceAccount is another by now.
change_account_once() {
  read_account
  "$1" || return 0
  patch="{\"metadata\":{\"resourceVersion\":\"$version\",\"annotations\":{\"$key\":$marked}},\"imagePullSecrets\":[$list]}"
  said=$(k patch serviceaccount default --namespace "$namespace" --type merge --patch "$patch" \
    --field-manager container-registry 2>&1) && {
    echo "$said"
    return 0
  }
  case "$said" in *"(Conflict)"*) return 1 ;; *) fail "$said" ;; esac
}

# Its version, our mark on it, and its pull secrets; all of them empty where there is none.
read_account() {
  account=$(k get serviceaccount default --namespace "$namespace" --ignore-not-found -o \
    "jsonpath={.metadata.resourceVersion}{'\n'}{.metadata.annotations.$key}{'\n'}{range .imagePullSecrets[*]}{.name}{'\n'}{end}") ||
    fail "kubectl cannot read ServiceAccount default in namespace $namespace"
  version=$(printf '%s\n' "$account" | sed -n 1p)
  marked_now=$(printf '%s\n' "$account" | sed -n 2p)
  names=$(printf '%s\n' "$account" | sed 1,2d)
}

# What it is to be with ours in the list. Fails where there is nothing to do.
placed() {
  [ -n "$version" ] || fail "namespace $namespace has no ServiceAccount default any more; run again"
  marked="\"$mark\""
  if printf '%s\n' "$names" | grep -Fqx "$secret"; then
    [ -n "$marked_now" ] && [ "$marked_now" != "$mark" ] || return 1
    list=$(as_list "$names")
  else
    list=$(as_list "$names
$secret")
  fi
}

removed() {
  [ -n "$version" ] && [ -n "$marked_now" ] || return 1
  marked=null
  list=$(as_list "$(printf '%s\n' "$names" | grep -Fvx "$secret")")
}

as_list() { printf '%s\n' "$1" | sed -n 's/..*/{"name":"&"}/p' | paste -s -d , -; }
