traefik_files=/etc/container-registry/traefik

# Traefik has no command that validates its files. So a trial container without network runs Traefik with the new files.
# Its answer must contain the headers (marks) that are written in these files.
validate_traefik() {
  trial=$(docker run -d --network none --cap-drop ALL --cap-add NET_BIND_SERVICE --read-only --tmpfs /tmp --tmpfs /data \
    -v "$stage/tree$traefik_files:/etc/traefik:ro" "$proxy_image" traefik 2>"$stage/output") ||
    fail "Traefik did not start to read its files: $(tail -n 5 "$stage/output")"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    ! trial_serves || break
    [ "$(docker inspect -f '{{.State.Running}}' "$trial")" = true ] || break
    sleep 1
  done
  trial_words=$(docker logs "$trial" 2>&1 | tail -n 3 | cut -c1-600)
  trial_serves || refuse_trial
  docker rm -f "$trial" >/dev/null 2>&1
}

refuse_trial() {
  docker rm -f "$trial" >/dev/null 2>&1
  fail "Traefik does not take its files: ${trial_words:-$(cat "$stage/answer")}"
}

trial_serves() {
  docker exec "$trial" wget -q -S -O /dev/null "http://127.0.0.1:$plain_port/healthz" >"$stage/answer" 2>&1 &&
    has_marks "$stage/tree$traefik_files"
}

serves_marks() {
  curl -fsS -o /dev/null -D - --max-time 10 "http://127.0.0.1:$plain_port/healthz" >"$stage/answer" 2>&1 || return 1
  has_marks "$traefik_files" || {
    printf 'Traefik serves other files than those in place' >"$stage/answer"
    return 1
  }
}

# Whether the answer's headers contain the mark of each file of a folder, so that Traefik serves all of these files.
has_marks() {
  sed -n 's/^ *\(X-[A-Z][a-z]*: v-[0-9a-f]*\)$/\1/p' "$1"/dynamic/*.yml >"$stage/marks"
  [ -s "$stage/marks" ] || return 1
  while read -r line; do
    tr -d '\r' <"$stage/answer" | grep -qiF "$line" || return 1
  done <"$stage/marks"
}

# On SIGHUP Traefik reads its routes again, and with them users and certificates if a mark has changed. A push that is
# running continues; at a restart it has five minutes to end.
reload_traefik() {
  if action_pending restart || ! grep -qF "$traefik_files/dynamic/" "$stage/changed"; then
    run compose restart proxy
  else
    run compose kill -s HUP proxy
  fi
}

traefik_has_certificate() { grep -q "\"main\": *\"$registry_name\"" "$certificates/acme.json" 2>/dev/null; }

# Checks that the registry's name leads to this host on port 443, where an ACME server sends its challenge to Traefik. A
# temporary Traefik answers the check.
prove_to_traefik() {
  probe_url=https://$registry_name/.well-known/container-registry/$(nonce)
  probe_port=443
  probe=OK
  mkdir -p "$stage/probe/dynamic"
  printf '%s\n' 'global: { checkNewVersion: false, sendAnonymousUsage: false }' 'entryPoints: { probe: { address: ":443" } }' \
    'ping: { manualRouting: true }' 'providers: { file: { directory: /etc/traefik/dynamic } }' >"$stage/probe/traefik.yml"
  printf 'http: { routers: { probe: { rule: "Path(`%s`)", service: ping@internal, tls: {} } } }\n' \
    "${probe_url#"https://$registry_name"}" >"$stage/probe/dynamic/probe.yml"
  responder=$(docker run -d --rm --network host --cap-drop ALL --cap-add NET_BIND_SERVICE --read-only --tmpfs /tmp \
    -v "$stage/probe:/etc/traefik:ro" "$proxy_image" traefik) || fail "could not listen on port 443 to see whether $registry_name leads here"
  ask_name
  run docker stop "$responder"
  responder=
}
