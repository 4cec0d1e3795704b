# Has a second Caddy order a certificate, beside the one that serves, in the same container and storage. No client connects to it.
# The Caddy that serves answers the ACME server's challenge: it finds the answer in the storage.

caddyfile=/etc/container-registry/caddy/Caddyfile
second_admin=unix//tmp/renew-admin.sock

# The site's own issuer, and a ratio by which every stored certificate is due.
second_caddyfile() {
  printf '{\n\tadmin %s\n\tpersist_config off\n\tauto_https disable_redirects\n\tservers {\n\t\tprotocols h1\n\t}\n}\n' "$second_admin"
  printf '%s {\n\tbind unix//tmp/renew.sock\n' "$registry_name"
  sed -n '/^\ttls {$/,/^\t}$/ { s/^\ttls {$/&\n\t\trenewal_window_ratio 0.9999999999/; p; }' "$caddyfile"
  printf '}\n'
}

# Caddy would answer the challenge at the address that the site listens at, which is a socket here. Without that address it tries
# port 80, finds it taken, and leaves the answer to the Caddy that has it.
second_config() {
  second_caddyfile | compose exec -T proxy caddy adapt --config - --adapter caddyfile 2>"$stage/log" |
    sed 's/"bind_host":"[^"]*"/"bind_host":""/'
}

# The time limit also ends it where this script was killed.
second_caddy() {
  compose exec -T --env GOMEMLIMIT=64MiB proxy timeout "$wait_seconds" caddy run --config - \
    >"$stage/log" 2>&1 <"$stage/config" || :
  : >"$stage/ended"
}

end_second_caddy() {
  compose exec -T proxy caddy stop --address "$second_admin" >/dev/null 2>&1 </dev/null || :
  wait
}

logged() { grep -qE "\"msg\":\"($1)\"" "$stage/log"; }

# The reason that the ACME server gave, or else why it could not be asked.
reason() {
  grep -E '"msg":"(could not get certificate from issuer|will retry|job failed)"' "$stage/log" | head -n 1 |
    sed -n 's/.*"error":"\(.*\)/\1/p' | sed 's/","attempt":.*//; s/"}*$//; s/\\"/"/g' | cut -c1-600
}

last_words() {
  grep -E '"logger":"(tls|http.acme_client)' "$stage/log" | tail -n 1 | grep . || tail -n 1 "$stage/log"
}

order() {
  second_config >"$stage/config"
  [ -s "$stage/config" ] || fail "Caddy did not take the order: $(tail -n 2 "$stage/log")"
  : >"$stage/log"
  second_caddy &
  trap 'end_second_caddy; rm -rf "$stage"' EXIT
  began=$(date +%s)
  until logged "certificate (renewed|obtained) successfully"; do
    why=$(reason)
    [ -z "$why" ] || fail "the ACME server gave no certificate, so the old one stays: $why"
    [ ! -e "$stage/ended" ] || fail "the ACME server gave no certificate within $wait_seconds s, so the old one stays; Caddy said last: $(last_words)"
    [ $(($(date +%s) - began)) -lt "$lock_seconds" ] || logged "lock acquired" || take_lock_of_caddy
    sleep 0.5
  done
  end_second_caddy
  trap 'rm -rf "$stage"' EXIT
}

# The Caddy that serves keeps the lock after an order that failed, until it orders again, which may be hours later. It then finds
# the new certificate in the storage, and orders none.
take_lock_of_caddy() { rm -f "$caddy_data/locks/issue_cert_$registry_name.lock"; }
