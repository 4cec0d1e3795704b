# Runs inside a container that has the volumes below /volumes: write USER, commit or restore USER.
set -eu
umask 077

# Prints which of the two have files that did not serve yet.
write() {
  receive
  for of in proxy storage; do
    volume=/volumes/$of
    new=$(sums "$(read_from "$of")")
    current=$(sums "$volume")
    served=$(cat "$volume/.served" 2>/dev/null) || :
    [ "$new" != "$served" ] || [ "$new" != "$current" ] || continue
    # What has served is what to return to; an up that was cut off has kept it already.
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

# Who owns the images may have changed, and with it who the containers run as.
hand_over() {
  chown -R "$1" /volumes/*
  chmod 0700 /volumes/*
}

# Lines of PATH BASE64, closed by `end`: input cut short must not pass for a short file.
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

# Where each program has its files.
read_from() {
  case "$1" in
  proxy) echo /etc/caddy ;;
  storage) echo /etc/distribution ;;
  esac
}

sums() { (cd "$1" && sha256sum ./* 2>/dev/null) || :; }

# All of it serves.
commit() {
  for volume in /volumes/proxy /volumes/storage; do
    sums "$volume" >"$volume/.served"
    rm -rf "$volume/.previous"
  done
}

# Returns to what last served, and to whom it was readable.
restore() {
  for volume in /volumes/proxy /volumes/storage; do
    [ -d "$volume/.previous" ] || continue
    mv "$volume/.previous"/* "$volume"
    rmdir "$volume/.previous"
  done
  hand_over "$1"
}

"$@"
