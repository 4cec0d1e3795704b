#!/bin/sh
# The proxy, told when the kubelet has brought other files: all at once, by another link. Caddy's own --watch sees
# no other certificate, and looks no more after the first Caddyfile that it cannot read.
config="--config /etc/caddy/Caddyfile --adapter caddyfile"
files() { readlink /etc/caddy/..data; }

follow() {
  while sleep 2; do
    now=$(files)
    # Files that Caddy refuses are looked at again and again: clients do not wait for that.
    # shellcheck disable=SC2086 # options, each a word
    [ "$now" = "$seen" ] || { caddy validate $config >/dev/null && sh /etc/caddy/reload.sh $config && seen=$now; }
  done
}

# Kubernetes has no setting for it: a flood of connections must not take more memory than the pod has.
# shellcheck disable=SC3045 # the image's BusyBox has it, and dash and bash
ulimit -n "$OPEN_FILES"
seen=$(files)
follow &
# shellcheck disable=SC2086
exec caddy run $config
