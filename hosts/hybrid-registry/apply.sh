apply() {
  trap 'on_exit $?' EXIT
  trap 'exit 143' TERM INT
  # The operator's terminal may go away; what was begun is finished.
  trap '' HUP PIPE
  take_owner
  read -r token
  preflight
  undo_interrupted
  write_config
  bring_up storage
  bring_up proxy
  reread
  verify
  phase=committed
  commit
  printf '{"changed":%s,"removed":[]}\n' "$(json_list "$changed")"
}

on_exit() {
  trap - EXIT
  trap '' TERM INT
  # A failure on the way back must not end the way back.
  set +e
  [ "$phase" != changing ] || (roll_back)
  exit "$1"
}

commit() {
  [ -z "$unserved" ] || in_volumes commit </dev/null
  for name in "$container" "$container-storage"; do
    ! exists "$name-previous" || run docker rm "$name-previous"
  done
}

# Asks as this machine's clients do, by the published port.
verify() {
  say "asking http://127.0.0.1:$port"
  deadline=$(($(date +%s) + verify_seconds))
  until ask /healthz && ask_catalogue; do
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "http://127.0.0.1:$port does not serve after $verify_seconds s: $answer; proxy: $(last_words "$container"); storage: $(last_words "$container-storage")"
    sleep 0.2
  done
}

# distribution calls itself healthy even where it may not read its images.
ask_catalogue() { [ "$token" = - ] || ask '/v2/_catalog?n=1'; }

ask() {
  answer=$(printf 'Authorization: Bearer %s\n' "$token" |
    curl -fsS --noproxy '*' --max-time 10 -o /dev/null -H @- "http://127.0.0.1:$port$1" 2>&1)
}

last_words() { docker logs --tail 40 "$1" 2>&1 | grep -iE '"level":"error"|level=(error|fatal)|panic|error:' | tail -n 2 | cut -c1-600; }
