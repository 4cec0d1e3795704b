# The registry's own answer, over a chain verified as the runtime verifies it.
ask_registry() {
  set -- --silent --show-error --max-time 10 --output /dev/null --write-out '%{http_code}'
  [ -z "$ca" ] || set -- "$@" --cacert "$root$ca"
  [ -z "$resolve" ] || set -- "$@" --resolve "$resolve"
  answer=$(curl "$@" "$registry_url/v2/" 2>"$scratch/error")
  case $?:$answer in
    0:200 | 0:401) ;;
    0:*) because "$registry_url/v2/ answers $answer; look at the registry" ;;
    6:*) because "$registry_name cannot be resolved here; mend the node's DNS, or set nodeDaemonSet.hostsEntry" ;;
    7:* | 28:*) because "no connection to the registry: $(last_error); look at the registry, and at firewalls between" ;;
    60:*) because "the registry's certificate is not trusted: $(last_error); it must be signed by ${ca:-an authority that the image knows}" ;;
    *) because "$registry_url/v2/: $(last_error)" ;;
  esac
}

# curl follows it up with advice.
last_error() { sed -n '/^curl: /{p;q;}' "$scratch/error"; }
