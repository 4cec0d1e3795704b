# Asks the registry at each of its addresses until one answers. TLS is verified as the node's runtime verifies it.
ask_registry() {
  why=
  for address in $registry_urls; do
    if ask "$address"; then
      reason=ready
      return 0
    fi
    why="${why:+$why; also, }$reason"
  done
  because "$why"
}

ask() {
  url=$1
  name=$(printf '%s' "$url" | sed 's|.*://||; s|:[0-9]*$||')
  set -- --silent --show-error --connect-timeout 5 --max-time 10 --output /dev/null --write-out '%{http_code}'
  [ -z "$ca" ] || set -- "$@" --cacert "$root$ca"
  [ -z "$resolve" ] || set -- "$@" --resolve "$resolve"
  answer=$(curl "$@" "$url/v2/" 2>"$scratch/error")
  case $?:$answer in
  0:200 | 0:401) ;;
  0:*) because "$url/v2/ answers $answer; look at the registry" ;;
  6:*) because "$name cannot be resolved here; mend the node's DNS, or $(other_way_to "$name")" ;;
  7:* | 28:*) because "no connection to the registry: $(last_error); look at the registry, and at firewalls between" ;;
  60:*) because "the registry's certificate is not trusted: $(last_error); it must be signed by ${ca:-a CA that the image knows}" ;;
  *) because "$url/v2/: $(last_error)" ;;
  esac
}

other_way_to() { if [ "$1" = "$registry_name" ]; then echo 'set nodeDaemonSet.hostsEntry'; else echo 'start what has that name'; fi; }

# The first line of curl's error. Hints for users of curl follow it.
last_error() { sed -n '/^curl: /{p;q;}' "$scratch/error"; }
