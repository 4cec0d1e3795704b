# The configuration lies in Docker's volumes, where only root of the machine can look: this writes it, by a short-lived
# container without network. Its files come on standard input.
in_volumes() {
  docker run --rm -i --network none --read-only --user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE \
    --cap-add FOWNER --cap-add NET_BIND_SERVICE --tmpfs /etc/caddy --tmpfs /etc/distribution --tmpfs /tmp \
    --env XDG_CONFIG_HOME=/tmp --env XDG_DATA_HOME=/tmp \
    -v "$container-config:/volumes/proxy" -v "$container-storage-config:/volumes/storage" -v "$container-socket:/volumes/socket" \
    --entrypoint sh "$proxy_image" -c "$volumes_program" sh "$@"
}

# The real parser reads the new files before any old one is touched.
write_config() {
  for volume in $volumes; do
    docker volume inspect "$volume" >/dev/null 2>&1 || run docker volume create --label "container-registry.stack=$stack $owner_id" "$volume"
  done
  say "validating"
  phase=changing
  unserved=$({ visible_files && cat; } | in_volumes write "$user") || fail "the configuration was not written"
}

# Whether the proxy's or the storage's files are others than those that last served.
config_changed() { case " $unserved " in *" $1 "*) true ;; *) false ;; esac }

# put PATH <text: one file, as the volumes' program reads it.
put() { printf '%s %s\n' "$1" "$(base64 | tr -d '\n')"; }
