# Waits for the ServiceAccount `default`, which Kubernetes creates a moment after its namespace.
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

# Removes the Secret from the ServiceAccount only if this program added it. The annotation shows that; a Secret that was
# listed before has no annotation.
remove_pull_secret() {
  take_kubeconfig
  can_remove || return 0
  change_account removed
}

# The API treats imagePullSecrets as one value, so each change writes the whole list. Tries again if another client has
# changed the ServiceAccount meanwhile, so that no entry of that client is lost.
change_account() {
  tries=20
  until change_account_once "$1"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "ServiceAccount default in namespace $namespace is changed by somebody else all the time; run again"
    sleep 1
  done
}

# The patch contains the resourceVersion that was read. The API answers Conflict if the ServiceAccount has changed since.
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

# Sets version (the resourceVersion), marked_now (this program's annotation) and names (the pull secrets). All three are
# empty if the ServiceAccount does not exist.
read_account() {
  account=$(k get serviceaccount default --namespace "$namespace" --ignore-not-found -o \
    "jsonpath={.metadata.resourceVersion}{'\n'}{.metadata.annotations.$key}{'\n'}{range .imagePullSecrets[*]}{.name}{'\n'}{end}") ||
    fail "kubectl cannot read ServiceAccount default in namespace $namespace"
  version=$(printf '%s\n' "$account" | sed -n 1p)
  marked_now=$(printf '%s\n' "$account" | sed -n 2p)
  names=$(printf '%s\n' "$account" | sed 1,2d)
}

# Sets the annotation and the list that the ServiceAccount gets, with the Secret in it. Returns 1 if nothing has to change.
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
