# Has the Caddy that serves take up the certificate that is stored. It keeps one in memory, also over a reload, as long as it
# manages the site's name. So for a moment it gets certificates only as clients ask for them: it forgets the one in memory, and
# the next handshake gets the stored one. Then its Caddyfile applies again, and what is in memory stays.

load() {
  compose exec -T proxy sh -c "$reload_program" reload --config - --adapter caddyfile --address "unix/$admin_socket" >"$stage/output" 2>&1
}

on_demand() { sed 's/^\ttls {$/&\n\t\ton_demand/' "$caddyfile"; }
unmanaged() { on_demand | sed 's/^\tauto_https .*/& disable_certs/'; }

handshake() {
  curl --silent --show-error --insecure --output /dev/null --max-time 20 --resolve "$registry_name:$registry_port:127.0.0.1" \
    "https://$registry_name:$registry_port/healthz" >"$stage/output" 2>&1
}

# Connections that began before are on the old configuration, so they need the old certificate: it is forgotten only after
# the first reload.
take_up() {
  trap '' INT TERM
  problem=
  { on_demand | load && unmanaged | load && handshake; } || problem=$(tail -n 2 "$stage/output")
  reload_caddy
  trap - INT TERM
  [ -z "$problem" ] || fail "there is a new certificate, but Caddy did not take it up: $problem; first: registry restart"
}
