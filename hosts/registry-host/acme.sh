# Checks that the registry's name leads to this host before the proxy orders its first certificate, because Let's Encrypt
# limits failed validations.
prove_name() {
  [ "$tls" = acme ] && [ "$phase" = writing ] && ! "${proxy}_has_certificate" || return 0
  stop_other_proxy
  "prove_to_$proxy"
}

nonce() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# Stops the running proxy, whose port the check needs. A running Caddy stays if the new proxy is Caddy too, since Caddy can
# answer the check while it serves.
stop_other_proxy() {
  serving=$(running_proxy)
  [ -n "$serving" ] || return 0
  [ "$proxy" = caddy ] && [ "$(proxy_kind)" = caddy ] || run docker stop "$serving"
}

ask_name() {
  addresses=$(getent ahosts "$registry_name" | awk '{print $1}' | sort -u | paste -s -d, -)
  [ -n "$addresses" ] || refuse_name "$registry_name does not resolve from this host; create its DNS record, then run pulumi up again"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    answer=$(curl -ks --max-time 5 "$probe_url") || answer=
    [ "$answer" != "$probe" ] || return 0
    sleep 1
  done
  refuse_name "$registry_name resolves to $addresses, but ${probe_url%%/.well-known/*} did not arrive at this host on port $probe_port; correct the DNS record or open port $probe_port, then run pulumi up again"
}

refuse_name() {
  [ -z "${responder:-}" ] || docker stop "$responder" >/dev/null 2>&1 || :
  fail "$1"
}
