# destroy: all but the images. What is of that name and not this owner's stays.
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
  # Pushes in flight are finished first.
  run docker stop "$1"
  run docker container rm "$1"
  removed="$removed $1"
}

# Those of a container that was this owner's are, too, whoever made them.
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
