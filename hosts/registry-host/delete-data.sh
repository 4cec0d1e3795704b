# The paths that distribution, the collector, backups and the proxies write in their data folders. Everything else in these
# folders belongs to somebody else and stays.
distribution_data="docker/registry/v2/blobs docker/registry/v2/repositories collection restored"
caddy_data="caddy/acme caddy/certificates caddy/locks caddy/ocsp caddy/pki caddy/instance.uuid caddy/last_clean.json"
traefik_data="acme.json"

delete_registry_data() {
  say "deleting the images in $storage_path and the certificates in $certificates"
  delete_written "$storage_path" "$distribution_data"
  case "$proxy" in
  caddy) delete_written "$certificates" "$caddy_data" ;;
  traefik) delete_written "$certificates" "$traefik_data" ;;
  esac
}

# delete_written FOLDER PATHS: deletes these paths below the folder, then their empty parents, then the folder if it is
# empty.
delete_written() {
  [ -d "$1" ] || return 0
  for path in $2; do
    delete_tree "$1/$path"
    remove_empty_parents "$1" "$path"
  done
  leave_or_remove "$1"
}

# Deletes the files first and the directories afterwards. A directory may be a mount point, which cannot be removed.
delete_tree() {
  if [ -d "$1" ]; then
    must "$1" find "$1/." ! -type d -exec rm -f {} +
    find "$1/." -depth -type d -exec rmdir {} + 2>/dev/null || :
    rmdir "$1" 2>/dev/null || :
  else
    must "$1" rm -f "$1"
  fi
}

remove_empty_parents() {
  parent=$(dirname "$2")
  while [ "$parent" != . ] && rmdir "$1/$parent" 2>/dev/null; do parent=$(dirname "$parent"); done
}

leave_or_remove() {
  foreign=$(find "$1/." -mindepth 1 \( ! -type d -o -empty \) | sed "s|^$1/\./||" | LC_ALL=C sort | head -n 10 | paste -s -d' ' -)
  if [ -n "$foreign" ]; then
    say "leaving $1: it still holds what is not the registry's: $foreign"
  elif [ -L "$1" ]; then
    say "leaving $1: it is a link to $(readlink "$1")"
  elif mounted "$(readlink -f "$1")"; then
    say "leaving $1: it is a mount point"
  else
    must "$1" rmdir "$1"
  fi
}
