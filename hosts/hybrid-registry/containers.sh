# The functions `proxy` and `storage` call their argument, a command, with the container's name and its arguments of
# `docker create`.

# Starts the container if it already has the wanted arguments. Otherwise stops and renames it, and creates a new one. The
# old container is kept until the new one serves.
bring_up() {
  if "$1" runs_as_asked; then
    "$1" start
    return 0
  fi
  "$1" put_aside
  "$1" make
  "$1" start
}

runs_as_asked() {
  name=$1
  shift
  [ "$(docker container inspect -f '{{index .Config.Labels "container-registry.arguments"}}' "$name" 2>/dev/null)" = "$*" ] || return 1
  # Docker cannot change a label, so a container with another owner's id is created again.
  bears_our_id "$(label_of container "$name")" || return 1
  # A network that was deleted and created again under the same name has another id.
  case "$*" in *--network=none*) return 0 ;; esac
  [ "$(docker container inspect -f "{{with index .NetworkSettings.Networks \"$network\"}}{{.NetworkID}}{{end}}" "$name")" = "$(docker network inspect -f '{{.Id}}' "$network")" ]
}

put_aside() {
  exists "$1" || return 0
  # Another stack may have created a container of this name after the preflight check.
  require_own_container "$1"
  say "stopping $1"
  run docker stop "$1"
  run docker rename "$1" "$1-previous"
}

make() {
  name=$1
  shift
  changed="$changed $name"
  run docker create --name "$name" --label "container-registry.stack=$stack $owner_id" --label "container-registry.arguments=$*" "$@"
  # Added only after success: if `docker create` fails, a container of this name may be another stack's, and a rollback
  # must not delete it.
  created="$created $name"
}

start() {
  ! runs "$1" || return 0
  say "starting $1"
  changed="$changed $1"
  fresh="$fresh $1"
  run docker start "$1"
}

runs() { [ "$(docker container inspect -f '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

exists() { docker container inspect "$1" >/dev/null 2>&1; }

just_created() { case " $created " in *" $1 "*) true ;; *) false ;; esac }

# A container that this run started has already read its current files.
just_started() { case " $fresh " in *" $1 "*) true ;; *) false ;; esac }

reread() {
  if config_changed storage && ! just_started "$container-storage"; then
    say "restarting $container-storage"
    changed="$changed $container-storage"
    run docker restart "$container-storage"
  fi
  if config_changed proxy && ! just_started "$container"; then
    changed="$changed $container"
    reload_proxy
  fi
}

# The program forces it, because changed accounts do not change the Caddyfile itself. A push that is running ends on the old
# configuration.
reload_proxy() {
  say "reloading $container"
  run docker exec "$container" sh -c "$reload_program" reload --config /etc/caddy/Caddyfile --adapter caddyfile --address unix//run/caddy/admin.sock
}

# If an earlier up was interrupted, the container that last served is still named NAME-previous. It replaces the new
# container, which may not work.
undo_interrupted() {
  for name in "$container" "$container-storage"; do
    exists "$name-previous" || continue
    say "returning to $name as it was before an up that was cut off"
    ! exists "$name" || run docker rm -f "$name"
    run docker rename "$name-previous" "$name"
  done
}

# Restores the containers and files that last served, and makes the containers read these files.
roll_back() {
  say "returning to what was before"
  for name in "$container" "$container-storage"; do
    if exists "$name-previous"; then
      docker rm -f "$name" >/dev/null 2>&1
      docker rename "$name-previous" "$name"
    elif just_created "$name"; then
      docker rm -f "$name" >/dev/null 2>&1
    fi
  done
  if ! exists "$container"; then
    abort
    return 0
  fi
  in_volumes restore "$(docker container inspect -f '{{.Config.User}}' "$container")" </dev/null
  fresh=
  for name in "$container-storage" "$container"; do
    runs "$name" || ! docker start "$name" >/dev/null 2>&1 || fresh="$fresh $name"
  done
  reread
}

# Nothing served here before: removes what the first apply created.
abort() {
  docker rm -f "$container-storage" >/dev/null 2>&1
  for volume in $volumes; do docker volume rm "$volume" >/dev/null 2>&1; done
}
