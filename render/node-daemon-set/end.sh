# The pod ends. A drain, an eviction and an update leave the trust where it is; the DaemonSet's own end takes it along.
stop() {
  trap '' TERM INT
  reason=
  ask_api
  case $? in
    0) say "the DaemonSet lives on: leaving the trust in place" ;;
    1) say "the DaemonSet is gone: removing what it wrote" && remove_all || say "not all removed: $reason" ;;
    *) say "leaving the trust in place: $reason" ;;
  esac
  exit 0
}

# 0: the DaemonSet is there. 1: it is gone, or going. 2: nobody knows.
ask_api() {
  host=$KUBERNETES_SERVICE_HOST
  case $host in *:*) host="[$host]" ;; esac
  url="https://$host:$KUBERNETES_SERVICE_PORT/apis/apps/v1/namespaces/$namespace/daemonsets/$daemon_set"
  # By standard input: arguments are for everybody to see.
  code=$(printf 'header = "Authorization: Bearer %s"\n' "$(cat "$account/token")" |
    curl --config - --silent --show-error --max-time 8 --retry 1 --cacert "$account/ca.crt" \
      --header 'Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' \
      --output "$scratch/daemon-set" --write-out '%{http_code}' "$url" 2>"$scratch/error")
  case $code in
    404) return 1 ;;
    200) ! grep -q '"deletionTimestamp": *"' "$scratch/daemon-set" ;;
    000) reason="the API server does not answer: $(last_error)" && return 2 ;;
    *) reason="the API server answers $code to the question whether the DaemonSet is gone" && return 2 ;;
  esac
}

remove_all() { each_owned give_up && remove_directories && remove_hosts_entry && rm -rf "${root:?}${state:?}"/*; }
