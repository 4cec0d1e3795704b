# Restarts the registry, then the proxy, each as soon as the one before serves again. Messages go to standard error.
say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

restart_service() {
  say "restarting the $1; uploads under way may take five minutes to end"
  said=$(restart_containers "$1" 2>&1) || fail "the $1 cannot be restarted: $(printf '%s\n' "$said" | tail -n 3); it says: $(last_words "$1")"
  deadline=$(($(date +%s) + wait_seconds))
  restarts=$(restart_count "$1")
  until answer=$(serves "$1" 2>&1); do
    [ "$(restart_count "$1")" -lt $((restarts + 3)) ] || fail "the $1 ends whenever it starts; it says: $(last_words "$1")"
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "the $1 does not serve $wait_seconds s after its restart${answer:+: $answer}; it says: $(last_words "$1")"
    sleep 0.5
  done
}

# How often Docker has started a container again that ended by itself.
restart_count() {
  count=$(docker inspect --format '{{.RestartCount}}' "$(container_of "$1")" 2>/dev/null)
  echo "${count:-0}"
}

# What a container printed about a failure, else its last lines.
words_in() {
  printf '%s\n' "$1" | grep -iE '"level":"(error|fatal)"|level=(error|fatal)|panic|error:' | uniq | tail -n 2 | cut -c1-400 | grep . ||
    printf '%s\n' "$1" | uniq | tail -n 2 | cut -c1-400
}

restart_service registry
restart_service proxy
