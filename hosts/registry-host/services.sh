hook_preflight() {
  : >"$stage/found"
  require_old_host
  require_disk /etc/fstab
  require_docker
  require_restic
  require_own_project
  require_ports
  plan_take_over
  require_images
}

# Compose and the proxy read the new files with their own parsers before any file of the host changes.
hook_validate() {
  say "validating"
  run docker compose -f "$stage/tree/etc/container-registry/compose.yaml" config -q
  "validate_$proxy"
}

hook_activate() {
  take_over_found
  prove_name
  say "starting what changed"
  ! action_pending unit || run systemctl daemon-reload
  run systemctl enable container-registry.service
  running=$(docker ps -q --no-trunc)
  run compose up -d --remove-orphans
  ! action_pending registry || just_started registry || run compose restart registry
  ! { action_pending proxy || action_pending restart; } || just_started proxy || reload_proxy
  run systemctl start container-registry.service
  activate_timers
}

# Whether this run started a service, which then has read its new files. A reload right after the start would make Caddy
# order its first certificate twice.
just_started() { ! printf '%s\n' "$running" | grep -qx "$(compose ps -q "$1")"; }

# Reloads the proxy that runs. After a failed change between Caddy and Traefik, the files may be those of the other proxy.
reload_proxy() { "reload_$(proxy_kind)"; }

proxy_kind() {
  case "$(docker inspect -f '{{range .Mounts}}{{.Destination}} {{end}}' "$(running_proxy)")" in
  *"/etc/traefik "*) echo traefik ;;
  *) echo caddy ;;
  esac
}

# Asks the registry through the proxy, as a client would, under the registry's own name.
hook_verify() {
  ask_until_served
  verify_take_over
  [ -n "$ui_files" ] || remove_ui
  [ -z "$probe_repository" ] || push_probe
  # From here on, a failure no longer returns to the old registry.
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

# Traefik keeps its old configuration if it cannot read the new files, and serves any certificate if it has none for the
# registry's name. Both are checked here.
ask_proxy() {
  [ "$proxy" = traefik ] || return 0
  serves_marks || return 1
  [ "$tls" != acme ] || traefik_has_certificate || {
    printf 'no certificate for %s yet' "$registry_name" >"$stage/answer"
    return 1
  }
}

# Reads the catalogue, because distribution reports itself as healthy even if it cannot read its images.
ask_storage() { curl -fsS -o /dev/null --max-time 10 "http://$registry_address/v2/_catalog?n=1" >"$stage/answer" 2>&1; }

last_words() {
  compose logs --no-log-prefix --tail 40 "$1" 2>&1 | grep -iE '"level":"error"|level=(error|fatal)|panic|error:' | tail -n 2 | cut -c1-600
}

# An apply is the first one if there is no manifest or a take-over is not finished, because the registry that served
# before is then not this bundle's.
hook_is_first_apply() { [ ! -f "$home/manifest" ] || [ -s "$stage/found" ] || [ -f "$unfinished" ]; }

hook_abort() { stop_services; }
hook_stop() { stop_services; }

# Also starts the old registry again if a take-over has stopped it and has not replaced it yet.
stop_services() {
  stop_timers
  systemctl disable --now container-registry.service >/dev/null 2>&1
  registry_containers -a | cut -d' ' -f1 | xargs -r docker rm -f >/dev/null 2>&1
  [ ! -f "$unfinished" ] || "$state/take-over/put-back" >/dev/null 2>&1 ||
    say "the old registry did not start again; sudo $state/take-over/put-back shows why"
  systemctl daemon-reload
}

hook_deactivate() { systemctl daemon-reload; }

hook_delete_data() {
  remove_archives
  remove_ui
  [ "$delete_data" = true ] || {
    say "keeping the images in $storage_path and the certificates in $certificates"
    return 0
  }
  delete_registry_data
}
