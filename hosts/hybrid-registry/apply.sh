apply() {
  trap 'on_exit $?' EXIT
  trap 'exit 143' TERM INT
  # If the operator's terminal closes, the apply continues to its end.
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
  # If one step of the rollback fails, the rollback continues with the next step.
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

# Waits until the registry answers on its published port, where this machine's clients connect to it.
verify() {
  say "asking http://127.0.0.1:$port"
  deadline=$(($(date +%s) + verify_seconds))
  until ask /healthz && ask_catalogue; do
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "http://127.0.0.1:$port does not serve after $verify_seconds s: $answer; proxy: $(last_words "$container"); storage: $(last_words "$container-storage")"
    sleep 0.2
  done
}

# Reads the catalogue, because distribution reports itself as healthy even if it cannot read its images.
ask_catalogue() { [ "$token" = - ] || ask '/v2/_catalog?n=1'; }

ask() {
  answer=$(printf 'Authorization: Bearer %s\n' "$token" |
    curl -fsS --noproxy '*' --max-time 10 -o /dev/null -H @- "http://127.0.0.1:$port$1" 2>&1)
}

last_words() { docker logs --tail 40 "$1" 2>&1 | grep -iE '"level":"error"|level=(error|fatal)|panic|error:' | tail -n 2 | cut -c1-600; }
