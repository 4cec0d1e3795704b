# Requires Docker with Compose v2, and curl for the checks. Installs them if variant.installDocker is true.
require_docker() {
  [ -d /run/systemd/system ] || fail "this host does not run systemd; the registry host needs it"
  missing=$(missing_tools)
  if [ -n "$missing" ]; then
    [ "$install_docker" = true ] ||
      fail "missing on this host:$missing; set variant.installDocker: true (Debian, Ubuntu), or install them (docs/registry-host.md)"
    install_tools
    missing=$(missing_tools)
    [ -z "$missing" ] || fail "still missing after the installation:$missing"
  fi
  docker info >/dev/null 2>&1 || run systemctl start docker
}

missing_tools() {
  command -v curl >/dev/null || printf ' curl'
  command -v docker >/dev/null || printf ' Docker'
  docker compose version --short 2>/dev/null | grep -q '^v\?[2-9]' || printf ' Compose-v2'
}

: "${apt:=/etc/apt}" "${os_release:=/etc/os-release}"

# Has apt-get ready to install what is missing.
prepare_apt() {
  command -v apt-get >/dev/null || fail "installDocker knows Debian and Ubuntu; on this system install$missing yourself"
  export DEBIAN_FRONTEND=noninteractive
  say "installing$missing"
  run apt-get update -q
}

# Installs Debian's or Ubuntu's own packages if they include Compose v2, otherwise those of Docker's repository.
install_tools() {
  prepare_apt
  if offered docker-compose-v2; then
    run apt-get install -qy --no-install-recommends ca-certificates curl docker.io docker-compose-v2
  elif offered docker-compose && ! apt-cache show docker-compose | grep -q '^Version: 1\.'; then
    run apt-get install -qy --no-install-recommends ca-certificates curl docker.io docker-cli docker-compose
  else
    install_from_docker
  fi
  run systemctl enable --now docker
}

offered() { apt-cache policy "$1" | grep -q 'Candidate: [0-9]'; }

# Adds Docker's package repository and its key, as docs.docker.com/engine/install describes, and installs from it.
install_from_docker() {
  run apt-get install -qy --no-install-recommends ca-certificates curl
  . "$os_release"
  # Systems before Debian 12 and Ubuntu 22.04 have no folder for keyrings.
  run install -d -m 0755 "$apt/keyrings"
  run curl -fsSL "https://download.docker.com/linux/$ID/gpg" -o "$apt/keyrings/docker.asc"
  chmod 0644 "$apt/keyrings/docker.asc"
  printf 'deb [signed-by=%s] https://download.docker.com/linux/%s %s stable\n' \
    "$apt/keyrings/docker.asc" "$ID" "$VERSION_CODENAME" >"$apt/sources.list.d/docker.list"
  chmod 0644 "$apt/sources.list.d/docker.list"
  run apt-get update -q
  run apt-get install -qy --no-install-recommends docker-ce docker-ce-cli containerd.io docker-compose-plugin
}
