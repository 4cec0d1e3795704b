preflight() {
  : >"$stage/found"
  require_docker
  require_own_project
  require_ports
  plan_take_over
  require_images
}

# The real parsers read the staged files before any file of the host is touched.
validate() {
  say "validating"
  run docker compose -f "$stage/tree/etc/container-registry/compose.yaml" config -q
  "validate_$proxy"
}

activate() {
  take_over_found
  prove_name
  say "starting what changed"
  ! pending unit || run systemctl daemon-reload
  run systemctl enable container-registry.service
  running=$(docker ps -q --no-trunc)
  run compose up -d --remove-orphans
  ! pending registry || just_started registry || run compose restart registry
  ! { pending proxy || pending restart; } || just_started proxy || reload_proxy
  run systemctl start container-registry.service
}

# It has read its files as they are now. A reload at this moment would have Caddy order its first certificate twice.
just_started() { ! printf '%s\n' "$running" | grep -qx "$(compose ps -q "$1")"; }

# The one that runs, which is not yet what the files say where a switch failed half-way.
reload_proxy() { "reload_$(proxy_kind)"; }

proxy_kind() {
  case "$(docker inspect -f '{{range .Mounts}}{{.Destination}} {{end}}' "$(running_proxy)")" in
  *"/etc/traefik "*) echo traefik ;;
  *) echo caddy ;;
  esac
}

# Asks the registry through the proxy, as a client would, under the registry's own name.
verify() {
  ask_until_served
  verify_take_over
  [ -n "$page_files" ] || remove_ui
  [ -z "$probe_repository" ] || push_probe
  # Only now: a failure before this puts the old registry back.
  rm -f "$unfinished"
}

ask_until_served() {
  say "asking $registry_url"
  deadline=$(($(date +%s) + verify_seconds))
  until ask_registry; do
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "$registry_url does not serve after $verify_seconds s: $(cat "$stage/answer"); proxy: $(last_words proxy); registry: $(last_words registry)"
    sleep 1
  done
}

ask_registry() {
  # shellcheck disable=SC2086 # curl_trust is a list of words
  curl -fsS -o /dev/null --max-time 10 $curl_trust --resolve "$registry_name:$registry_port:127.0.0.1" \
    "$registry_url/healthz" >"$stage/answer" 2>&1 && ask_proxy && ask_storage && ask_ui
}

# Traefik serves its old files where it takes no new ones, and any certificate where it has none for the name.
ask_proxy() {
  [ "$proxy" = traefik ] || return 0
  serves_marks || return 1
  [ "$tls" != acme ] || traefik_has_certificate || {
    printf 'no certificate for %s yet' "$registry_name" >"$stage/answer"
    return 1
  }
}

# distribution calls itself healthy even where it may not read its images.
ask_storage() { curl -fsS -o /dev/null --max-time 10 "http://$registry_address/v2/_catalog?n=1" >"$stage/answer" 2>&1; }

last_words() {
  compose logs --no-log-prefix --tail 40 "$1" 2>&1 | grep -iE '"level":"error"|level=(error|fatal)|panic|error:' | tail -n 2 | cut -c1-600
}

# Whether nothing of this bundle served before this run: what it took over did.
first_here() { [ ! -f "$home/manifest" ] || [ -s "$stage/found" ] || [ -f "$unfinished" ]; }

# Undoes a first start that did not come to serve.
withdraw() {
  systemctl disable --now container-registry.service >/dev/null 2>&1
  registry_containers -a | cut -d' ' -f1 | xargs -r docker rm -f >/dev/null 2>&1
  [ ! -f "$unfinished" ] || "$state/take-over/put-back" >/dev/null 2>&1 ||
    say "the old registry is not back: sudo $state/take-over/put-back says why"
  systemctl daemon-reload
}

remove_data() {
  systemctl daemon-reload
  remove_archives
  remove_ui
  [ "$delete_data" = true ] || { say "keeping the images in $storage_path and the certificates in $certificates"; return 0; }
  delete_registry_data
}
