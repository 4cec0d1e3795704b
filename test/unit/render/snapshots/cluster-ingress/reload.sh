#!/bin/sh
hold=/run/caddy/hold
# Reloads Caddy without failing a request. Runs where Caddy runs, with the arguments of `caddy reload`, and forces the reload.
# A reload drops requests whose connection is idle, or new, at that moment. So it makes requests wait from shortly before
# until shortly after: meanwhile no client has a reason to send another one. The folder $hold is where the Caddyfile looks. See
# docs/decisions/0045.

# Requests wait in the seconds that have a file of their name. So the hold ends by itself if this program is killed.
hold_seconds=10

# Requests wait for the answer of this second Caddy, since the first one ends all its own waiting when it reloads. A run that was
# killed has left its own, which ends here. Both Caddys share the container's memory.
start_holder() {
  [ ! -S "$hold/admin.sock" ] || caddy stop --address "unix/$hold/admin.sock" >/dev/null 2>&1
  rm -rf "$hold" && mkdir -p "$hold" || return
  GOMEMLIMIT=64MiB GOGC=100 XDG_CONFIG_HOME=$hold XDG_DATA_HOME=$hold caddy run --config - --adapter caddyfile >/dev/null 2>&1 <<CADDYFILE &
{
	admin unix/$hold/admin.sock
	persist_config off
	auto_https off
	grace_period 1s
	log {
		output discard
	}
}
http://hold {
	bind unix/$hold/hold.sock
	reverse_proxy unix/$hold/released.sock {
		lb_try_duration ${hold_seconds}s
		lb_try_interval 100ms
		transport http {
			keepalive off
		}
	}
	handle_errors {
		respond 204
	}
}
http://released {
	bind unix/$hold/end.sock
	respond 204
}
CADDYFILE
  holder=$!
  tries=0
  until [ -S "$hold/hold.sock" ] && [ -S "$hold/end.sock" ]; do
    if [ "$tries" -ge 30 ] || ! kill -0 "$holder" 2>/dev/null; then
      echo "requests do not wait for this reload: the second Caddy did not start" >&2
      return 1
    fi
    tries=$((tries + 1))
    sleep 0.1
  done
}

# Requests under way end, and each client sends its next one, which waits.
hold_requests() {
  second=$(date +%s)
  last=$((second + hold_seconds))
  while [ "$second" -lt "$last" ]; do
    true >"$hold/$second" || return # `:` would end the program here
    second=$((second + 1))
  done
  sleep 1
}

# The second Caddy stays for a moment, for requests that have seen the second's file and not asked it yet.
release_requests() {
  [ -n "$holder" ] || return 0
  rm -f "$hold"/[0-9]*
  ln -s end.sock "$hold/released.sock"
  sleep 0.5
  kill "$holder" 2>/dev/null
  wait "$holder"
  rm -rf "$hold"
}

holder=
trap release_requests EXIT
trap 'exit 143' HUP INT TERM
! start_holder || hold_requests
caddy reload --force "$@" || exit
# Clients learn that Caddy has closed the connections that they kept.
sleep 0.5 || :
