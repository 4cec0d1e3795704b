# When the pod ends: a drain, an eviction or an update leaves the trust on the node. When the DaemonSet was deleted, the
# trust is removed.
stop() {
  trap '' TERM INT
  reason=
  ask_api
  case $? in
  0) say "the DaemonSet still exists: leaving the trust on the node" ;;
  1) say "the DaemonSet is deleted: removing what it wrote" && remove_all || say "not all removed: $reason" ;;
  *) say "leaving the trust on the node: $reason" ;;
  esac
  exit 0
}

# Returns 0 if the DaemonSet exists, 1 if it is deleted or being deleted, 2 if the API server does not tell.
ask_api() {
  host=$KUBERNETES_SERVICE_HOST
  case $host in *:*) host="[$host]" ;; esac
  url="https://$host:$KUBERNETES_SERVICE_PORT/apis/apps/v1/namespaces/$namespace/daemonsets/$daemon_set"
  # The token goes by standard input, since every process can see arguments.
  code=$(printf 'header = "Authorization: Bearer %s"\n' "$(cat "$account/token")" |
    curl --config - --silent --show-error --max-time 8 --retry 1 --cacert "$account/ca.crt" \
      --header 'Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' \
      --output "$scratch/daemon-set" --write-out '%{http_code}' "$url" 2>"$scratch/error")
  case $code in
  404) return 1 ;;
  200) ! grep -q '"deletionTimestamp": *"' "$scratch/daemon-set" ;;
  000) reason="the API server does not answer: $(last_error)" && return 2 ;;
  *) reason="the API server answers $code to the question whether the DaemonSet exists" && return 2 ;;
  esac
}

remove_all() { each_owned remove_file && remove_directories && remove_hosts_entry && rm -rf "${root:?}${state:?}"/*; }
