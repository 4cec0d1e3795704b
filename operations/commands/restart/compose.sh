# The containers of a registry host.
container_of() { compose ps --all --quiet "$1"; }

restart_containers() {
  if [ -n "$(container_of "$1")" ]; then compose restart "$1"; else compose up --detach --no-deps "$1"; fi
}

# distribution reports itself as healthy even if it cannot read its images, so the catalogue is read.
serves() {
  case "$1" in
  registry) curl -fsS -o /dev/null --max-time 5 "http://$registry_address/v2/_catalog?n=1" ;;
  proxy) curl -fsS -o /dev/null --max-time 5 --insecure --resolve "$registry_name:$registry_port:127.0.0.1" "$registry_url/healthz" ;;
  esac
}

last_words() { words_in "$(compose logs --no-log-prefix --tail 40 "$1" 2>&1)"; }
