# Let's Encrypt counts failed validations: it is asked only once the name is seen to lead to this host's port 80.
prove_name() {
  [ "$tls" = acme ] && ! has_certificate || return 0
  probe=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  if [ -n "$(running_proxy)" ]; then prove_with_proxy; else prove_with_responder; fi
}

has_certificate() { [ -n "$(find "$certificates/caddy/certificates" -name "$registry_name.crt" 2>/dev/null)" ]; }

prove_with_proxy() {
  mkdir -p "$probe_path"
  printf '%s' "$probe" >"$probe_path/container-registry"
  chmod -R a+rX "$probe_path"
  ask_name
  rm -f "$probe_path/container-registry"
}

prove_with_responder() {
  responder=$(docker run -d --rm --network host --cap-drop ALL --cap-add NET_BIND_SERVICE --read-only --tmpfs /config --tmpfs /data \
    "$proxy_image" caddy respond --listen :80 --body "$probe") || fail "could not listen on port 80 to see whether $registry_name leads here"
  ask_name
  run docker stop "$responder"
  responder=
}

ask_name() {
  addresses=$(getent ahosts "$registry_name" | awk '{print $1}' | sort -u | paste -s -d, -)
  [ -n "$addresses" ] || refuse_name "$registry_name does not resolve from this host; create its DNS record, then run pulumi up again"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    answer=$(curl -s --max-time 5 "http://$registry_name/.well-known/acme-challenge/container-registry") || answer=
    [ "$answer" != "$probe" ] || return 0
    sleep 1
  done
  refuse_name "$registry_name resolves to $addresses, but http://$registry_name did not reach this host on port 80; correct the DNS record or open port 80, then run pulumi up again"
}

refuse_name() {
  [ -z "${responder:-}" ] || docker stop "$responder" >/dev/null 2>&1 || :
  fail "$1"
}
