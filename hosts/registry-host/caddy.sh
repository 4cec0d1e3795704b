validate_caddy() {
  run docker run --rm --network none --cap-drop ALL --cap-add NET_BIND_SERVICE --read-only --tmpfs /config --tmpfs /data --tmpfs /var/log/caddy \
    -v "$stage/tree/etc/container-registry/caddy:/etc/caddy:ro" "$proxy_image" \
    caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile
}

# The program forces it, because renewed certificates do not change the Caddyfile itself. A push that is running ends on the
# old configuration.
reload_caddy() {
  set -- sh -c "$reload_program" reload
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    compose exec -T proxy "$@" --config /etc/caddy/Caddyfile --adapter caddyfile --address unix//run/caddy/admin.sock \
      >"$stage/output" 2>&1 </dev/null && return 0
    # Clients wait for the first attempt alone.
    set -- caddy reload --force
    sleep 1
  done
  fail "the proxy did not take the new Caddyfile: $(tail -n 5 "$stage/output")"
}

caddy_has_certificate() { [ -n "$(find "$certificates/caddy/certificates" -name "$registry_name.crt" 2>/dev/null)" ]; }

# Checks that the registry's name leads to this host on port 80, where an ACME server sends its challenge to Caddy.
prove_to_caddy() {
  probe_url=http://$registry_name/.well-known/acme-challenge/container-registry
  probe_port=80
  probe=$(nonce)
  if [ -n "$(running_proxy)" ]; then prove_with_proxy; else prove_with_responder; fi
}

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
