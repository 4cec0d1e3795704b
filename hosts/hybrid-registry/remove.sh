# destroy: all but the images. What is of that name and not this stack's stays.
remove() {
  command -v docker >/dev/null || fail "docker is not on this machine's PATH, so the containers of $container cannot be removed"
  removed=
  for name in "$container" "$container-storage" "$container-previous" "$container-storage-previous"; do
    remove_ours container '{{with .Config.Labels}}{{index . "container-registry.stack"}}{{end}}' "$name"
  done
  for volume in $volumes; do
    remove_ours volume '{{with .Labels}}{{index . "container-registry.stack"}}{{end}}' "$volume"
  done
  say "keeping the images in $storage_path"
  printf '{"changed":[],"removed":%s}\n' "$(json_list "$removed")"
}

remove_ours() {
  owner=$(owner_of "$1" "$2" "$3") || return 0
  if [ "$owner" != "$stack" ]; then
    say "leaving the $1 $3, which is not this stack's"
    return 0
  fi
  # Pushes in flight are finished first.
  [ "$1" = volume ] || run docker stop "$3"
  run docker "$1" rm "$3"
  removed="$removed $3"
}
