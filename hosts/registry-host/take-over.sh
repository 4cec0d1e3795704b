# Takes over another registry on this host and its proxy: finds them, adopts the images, and stops both without deleting
# anything. If the take-over is not possible, it fails before anything is stopped.

plan_take_over() {
  [ "$take_over" = true ] || return 0
  [ -s "$stage/found" ] || [ ! -f "$home/manifest" ] || return 0
  find_registries
  if [ ! -s "$stage/registries" ]; then
    require_images_here
    return 0
  fi
  choose_registry
  find_storage
  grep -qF " $(chosen_holder)" "$stage/found" || printf -- '- %s\n' "$(chosen_holder)" >>"$stage/found"
  while read -r port holder; do
    # shellcheck disable=SC2086 # a holder is a list of words
    require_stoppable $holder
  done <"$stage/found"
  require_room_for_link
  require_no_opening
  announce_take_over
}

# Called if no registry runs on this host. Fails unless storagePath holds images, as of a registry that was stopped.
require_images_here() {
  [ ! -s "$stage/found" ] || [ -f "$unfinished" ] ||
    refuse_take_over "no registry runs on this host, only $(all_described "$stage/found"). It adopts distribution alone, as registry:2 and registry:3 are. $by_hand"
  [ -n "$(ls -A "$storage_path/docker/registry/v2/repositories" 2>/dev/null)" ] ||
    refuse_take_over "no registry runs on this host, and $storage_path holds no images, so there is nothing to take over. Start the old registry; or set variant.storagePath to its folder; or remove variant.takeOver where there is none"
}

by_hand="Stop it, set variant.storagePath to the folder that has its docker/registry/v2, remove variant.takeOver, and run pulumi up again (docs/registry-host.md#an-old-registry-is-already-there)"

refuse_take_over() { fail "variant.takeOver stopped nothing: $1"; }

announce_take_over() {
  while read -r port holder; do
    # shellcheck disable=SC2086 # a holder is a list of words
    [ "$port" = - ] || say "found on port $port: $(described $holder)"
  done <"$stage/found"
  say "found the old registry: $old_registry, with its images in $old_folder"
  case "$old_folder/" in
  */volumes/*/_data/*) say "the images stay in a volume of Docker's: keep it when you remove the old container" ;;
  esac
}

# storagePath will be a link to the old folder, unless it is that folder already. Fails if something else has its path.
require_room_for_link() {
  same_folder "$old_folder" "$storage_path" || ! present "$storage_path" || {
    [ ! -L "$storage_path" ] && [ -z "$(ls -A "$storage_path")" ] && ! mounted "$storage_path"
  } || refuse_take_over "the old registry keeps its images in $old_folder, and $storage_path is there already; set variant.storagePath: $old_folder"
}

# By default everybody may pull: private images would be public after the take-over.
require_no_opening() {
  [ "$requires_auth_for_pull" = true ] || ! asks_for_login "$old_pid" ||
    refuse_take_over "$old_registry asks for a password before each pull, and from this registry everybody could pull its images. Set containerRegistry.requiresAuthForPull: true, and run pulumi up again; if everybody may pull, remove that line once the take-over is done"
}

take_over_found() {
  [ -s "$stage/found" ] || return 0
  remember_holders
  write_put_back >"$state/take-over/put-back.new"
  chmod 0700 "$state/take-over/put-back.new"
  must "$state/take-over/put-back" mv "$state/take-over/put-back.new" "$state/take-over/put-back"
  [ -z "${old_folder:-}" ] || adopt_storage
  found_holders | while read -r kind name id; do
    case "$kind" in
    service) run systemctl disable --now "$name" ;;
    container)
      run docker update --restart=no "$id"
      run docker stop "$id"
      ;;
    esac
  done
  say "the old registry is stopped, and nothing of it is deleted; to return to it: sudo $state/take-over/put-back"
}

# Prints what has to be stopped, the registry last. As long as it runs, the next up finds it after an interruption.
found_holders() {
  cut -d' ' -f2- "$stage/found" | sort -u | grep -vxF "$(chosen_holder)" || :
  chosen_holder
}

chosen_holder() { [ ! -s "$stage/chosen" ] || cut -d' ' -f2- "$stage/chosen"; }

# Makes storagePath a link to the old folder. No image is moved, and removing the link undoes this step.
adopt_storage() {
  ! same_folder "$old_folder" "$storage_path" || return 0
  say "adopting the images in $old_folder as $storage_path"
  [ ! -d "$storage_path" ] || must "$storage_path" rmdir "$storage_path"
  must "$storage_path" ln -s "$old_folder" "$storage_path"
}

# Fails unless this registry now holds the ports and serves the images in the old registry's folder.
verify_take_over() {
  [ -f "$unfinished" ] || return 0
  for port in $ports; do
    holder=$(port_holder "$port")
    # shellcheck disable=SC2086 # a holder is a list of words
    held_by_registry $holder ||
      fail "port $port is held by $(described ${holder:-nobody}) after the take-over; find out what starts it, disable that, and run pulumi up again"
  done
  first=$(docker inspect -f '{{.State.Pid}}' "$(registry_containers | sed -n 's/ registry$//p')")
  [ "$(sed -n 's/^storage //p' "$unfinished")" = "$(identity_of "/proc/$first/root/var/lib/registry")" ] ||
    fail "the new registry does not have the folder that the old one kept its images in; is that a volume which is mounted only while the old one runs? Mount it for good, and set variant.storagePath to it"
  curl -fsS --max-time 30 "http://$registry_address/v2/_catalog?n=1" >"$stage/answer" 2>&1 && ! grep -q '"repositories": *\(\[\]\|null\)' "$stage/answer" ||
    fail "the new registry lists no image of the old one's: $(cat "$stage/answer")"
}
