# Runs volumes.sh in a short-lived container without network. The configuration is in Docker volumes, which only root of
# this machine could read directly. The files come on standard input.
in_volumes() {
  docker run --rm -i --network none --read-only --user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE \
    --cap-add FOWNER --cap-add NET_BIND_SERVICE --tmpfs /etc/caddy --tmpfs /etc/distribution --tmpfs /tmp \
    --env XDG_CONFIG_HOME=/tmp --env XDG_DATA_HOME=/tmp \
    -v "$container-config:/volumes/proxy" -v "$container-storage-config:/volumes/storage" -v "$container-socket:/volumes/socket" \
    --entrypoint sh "$proxy_image" -c "$volumes_program" sh "$@"
}

# Writes the new configuration. Caddy itself validates it before any old file is changed.
write_config() {
  for volume in $volumes; do
    docker volume inspect "$volume" >/dev/null 2>&1 || run docker volume create --label "container-registry.stack=$stack $owner_id" "$volume"
  done
  say "validating"
  phase=changing
  unserved=$({ visible_files && cat; } | in_volumes write "$user") || fail "the configuration was not written"
}

# config_changed proxy|storage: whether that container's files differ from those that it last served with.
config_changed() { case " $unserved " in *" $1 "*) true ;; *) false ;; esac }

# put PATH <TEXT prints one file as volumes.sh reads it: a line of the path and the text in base64.
put() { printf '%s %s\n' "$1" "$(base64 | tr -d '\n')"; }
