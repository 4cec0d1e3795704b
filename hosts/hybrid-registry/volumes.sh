# Runs in a container that has the volumes mounted below /volumes. Its commands are: write USER, commit, restore USER.
set -eu
umask 077

# Writes the new files. Prints `proxy` or `storage` for each whose files have not served yet.
write() {
  receive
  for of in proxy storage; do
    volume=/volumes/$of
    new=$(sums "$(read_from "$of")")
    current=$(sums "$volume")
    served=$(cat "$volume/.served" 2>/dev/null) || :
    [ "$new" != "$served" ] || [ "$new" != "$current" ] || continue
    # Copies the files that last served, for a rollback. After an interrupted up the current files are not those files, and
    # the copy exists already.
    if [ "$current" = "$served" ] && [ -n "$served" ]; then
      rm -rf "$volume/.previous"
      mkdir "$volume/.previous"
      cp -p "$volume"/* "$volume/.previous"
    fi
    for file in "$(read_from "$of")"/*; do
      cp "$file" "$volume/.new"
      chmod 0400 "$volume/.new"
      mv "$volume/.new" "$volume/${file##*/}"
    done
    printf '%s ' "$of"
  done
  hand_over "$1"
}

# Changes the files' owner to the user that the containers run as, which may not be the user of the last run.
hand_over() {
  chown -R "$1" /volumes/*
  chmod 0700 /volumes/*
}

# Reads lines of PATH BASE64 up to a line `end`. Without that last line the input was cut off, and nothing is changed.
receive() {
  rm -rf /etc/caddy/* /etc/distribution/*
  ended=
  while read -r path text; do
    [ "$path" != end ] || {
      ended=yes
      break
    }
    printf '%s' "$text" | base64 -d >"$(read_from "${path%%/*}")/${path#*/}"
  done
  [ -n "$ended" ] || {
    echo "error: the files on standard input ended early; nothing was touched, run pulumi up again" >&2
    exit 1
  }
  caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile >/tmp/said 2>&1 ||
    {
      echo "error: Caddy refuses the configuration, nothing was touched: $(tail -n 3 /tmp/said)" >&2
      exit 1
    }
}

# The folder from which each program reads its configuration.
read_from() {
  case "$1" in
  proxy) echo /etc/caddy ;;
  storage) echo /etc/distribution ;;
  esac
}

sums() { (cd "$1" && sha256sum ./* 2>/dev/null) || :; }

# Records the current files as those that serve, and deletes the copies of the earlier ones.
commit() {
  for volume in /volumes/proxy /volumes/storage; do
    sums "$volume" >"$volume/.served"
    rm -rf "$volume/.previous"
  done
}

# Restores the files that last served, and gives them to the user that the containers ran as then.
restore() {
  for volume in /volumes/proxy /volumes/storage; do
    [ -d "$volume/.previous" ] || continue
    mv "$volume/.previous"/* "$volume"
    rmdir "$volume/.previous"
  done
  hand_over "$1"
}

"$@"
