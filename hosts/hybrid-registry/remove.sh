# Removes this owner's containers and volumes at destroy. The images stay, and so does every container or volume of the
# same name that belongs to another owner.
remove() {
  command -v docker >/dev/null || fail "docker is not on this machine's PATH, so the containers of $container cannot be removed"
  take_owner
  removed=
  others=
  for name in $containers; do remove_container "$name"; done
  for volume in $volumes; do remove_volume "$volume"; done
  say "keeping the images in $storage_path"
  printf '{"changed":[],"removed":%s}\n' "$(json_list "$removed")"
}

remove_container() {
  label=$(label_of container "$1") || return 0
  if ! bears_our_id "$label"; then
    leave "container $1"
    others="$others $1"
    return 0
  fi
  # `docker stop` lets running pushes end first.
  run docker stop "$1"
  run docker container rm "$1"
  removed="$removed $1"
}

# Removes a volume if this owner's containers used it, even if its label names another owner. A volume stays if a
# container of another owner stays.
remove_volume() {
  label=$(label_of volume "$1") || return 0
  if [ -n "$others" ] || { [ -z "$removed" ] && ! bears_our_id "$label"; }; then
    leave "volume $1"
    return 0
  fi
  run docker volume rm "$1"
  removed="$removed $1"
}

leave() { say "leaving the $1, which is not this stack's"; }
