# Fails where the node lacks a program that the check after the change needs.
require_verifier() {
  case "$verify_by" in
  ping) has curl || fail "there is no curl to ask $registry_urls with; install it, or use verify: none" ;;
  pull) require_puller ;;
  esac
}

hook_verify() {
  case "$verify_by" in
  ping) ping_registry ;;
  pull) pull_probe ;;
  esac
}

# Asks the registry as the runtime will: through the node's own resolver, with the CA that the runtime has just been given.
ping_registry() {
  say "asking $registry_urls"
  deadline=$(($(date +%s) + 15))
  until ask_registry; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "$(all_that_failed)"
    sleep 1
  done
}

# One address that answers is enough, since the runtime tries each of them too.
ask_registry() {
  : >"$stage/failed"
  for address in $registry_urls; do
    if ask "$address"; then
      ! [ -s "$stage/failed" ] || say "$address answers; $(all_that_failed)"
      return 0
    fi
    printf '%s\n' "$(what_failed "$address")" >>"$stage/failed"
  done
  return 1
}

# Status 401 counts as an answer, since pulls may need credentials.
ask() {
  # shellcheck disable=SC2046 # two words, or none
  code=$(curl -sS -o /dev/null -w '%{http_code}' --connect-timeout 5 --max-time 10 $(curl_trust) "$1/v2/" 2>"$stage/answer") &&
    asked=0 || asked=$?
  case "$asked $code" in "0 200" | "0 401") return 0 ;; *) return 1 ;; esac
}

curl_trust() { [ -z "$ca_file" ] || printf '%s %s' --cacert "$(real_path "$ca_file")"; }

# Says what failed, the name, the connection, the certificate or the answer, and what to do about it.
what_failed() {
  words=$(sed 's/^curl: ([0-9]*) //' "$stage/answer" | head -n 1)
  name=$(printf '%s' "$1" | sed 's|.*://||; s|:[0-9]*$||')
  case "$words" in *esolv*) asked=6 ;; esac
  case "$asked" in
  0) printf '%s' "$1/v2/ answers with status $code: that is no registry, or one that is not ready; see what serves there" ;;
  5 | 6) printf '%s' "the name $name leads nowhere on this node; add it to its DNS, or $(other_way_to "$name")" ;;
  7 | 28) printf '%s' "no connection to $1 ($words); see that the registry runs, that $name leads to it, and what lies between" ;;
  51 | 60 | 77) printf '%s' "$1 shows a certificate that is not by $(expected_ca), or not for $name ($words); see who answers there" ;;
  *) printf '%s' "$1 gives no answer that a registry would ($words); see what serves there" ;;
  esac
}

other_way_to() { if [ "$1" = "$registry_name" ]; then printf 'give the node a hostsEntry'; else printf 'start what has that name'; fi; }

# The reason for each address, joined into one line.
all_that_failed() { awk '{ text = text (NR > 1 ? "; also, " : "") $0 } END { print text }' "$stage/failed"; }

expected_ca() { if [ -n "$ca_file" ]; then printf 'the CA in %s' "$(real_path "$ca_file")"; else printf 'a CA that this node trusts'; fi; }

# pull_by COMMAND…: pulls the probe image through the runtime and removes it. An error quotes the runtime.
pull_by() {
  say "pulling $probe_image"
  "$@" pull "$probe_image" >"$stage/answer" 2>&1 </dev/null ||
    fail "$1 could not pull $probe_image from $registry_urls: $(tail -n 2 "$stage/answer" | cut -c1-600); see that $registry_name leads to the registry and who signed its certificate, or use verify: ping"
  "$@" rmi "$probe_image" >/dev/null 2>&1 </dev/null || :
}

require_crictl() { has "$1" || fail "there is no $1 to pull with; install it (cri-tools), or use verify: ping"; }
