# Finds the old registry that this one takes over from: distribution on any port, run by this host's Docker or by a
# systemd service.

# Writes `PID HOLDER…` for each process on this host that is a registry of somebody else. `ps` also shows processes in
# containers of Podman, rootless Docker and Kubernetes. Packages call the program registry, docker-registry or similar.
find_registries() {
  ps -eo pid=,args= | awk '$2 ~ /registry[^\/]*$/ && $3 == "serve" { print $1 }' | while read -r pid; do
    holder=$(process_holder "$pid")
    # shellcheck disable=SC2086 # a holder is a list of words
    [ -z "$holder" ] || held_by_registry $holder || printf '%s %s\n' "$pid" "$holder"
  done >"$stage/registries"
}

# Chooses the registry that uses storagePath, otherwise one that holds a port of this registry, otherwise the only one.
choose_registry() {
  while read -r pid holder; do
    ! same_folder "$storage_path" "$(storage_view "$pid")" || printf '%s %s\n' "$pid" "$holder"
  done <"$stage/registries" >"$stage/chosen"
  [ -s "$stage/chosen" ] || while read -r pid holder; do
    ! grep -qF " $holder" "$stage/found" || printf '%s %s\n' "$pid" "$holder"
  done <"$stage/registries" >"$stage/chosen"
  [ -s "$stage/chosen" ] || cp "$stage/registries" "$stage/chosen"
  [ "$(wc -l <"$stage/chosen")" -eq 1 ] ||
    refuse_take_over "several registries run on this host: $(all_described "$stage/chosen"). Stop those that are not to be taken over, or set variant.storagePath to the folder of the one that is"
  read -r old_pid old_kind old_name old_id <"$stage/chosen"
}

all_described() {
  # shellcheck disable=SC2086 # a holder is a list of words
  while read -r _ holder; do
    described $holder
    echo
  done <"$1" | sort -u | paste -s -d, - | sed 's/,/, /g'
}

# Finds the folder on this host in which the chosen registry keeps its images. Fails unless the folder is provably the
# one that the registry's process uses.
find_storage() {
  old_registry=$(described "$old_kind" "$old_name" "$old_id")
  driver=$(storage_driver "$old_pid")
  [ "$driver" = filesystem ] ||
    refuse_take_over "$old_registry keeps its images in $driver, and variant host keeps them in a folder of the host. variant cluster knows s3; or copy the images to the new registry, with skopeo sync for instance"
  inside=$(storage_root "$old_pid")
  old_folder=$(storage_on_host)
  old_identity=$(identity_of "$(storage_view "$old_pid")")
  { [ -n "$old_folder" ] && same_folder "$old_folder" "$(storage_view "$old_pid")"; } ||
    refuse_take_over "$old_registry keeps its images in $inside, which is no folder of this host that Docker or a service of systemd mounted there. $by_hand"
  [ -n "$(ls -A "$old_folder/docker/registry/v2/repositories" 2>/dev/null)" ] ||
    refuse_take_over "$old_registry holds no images in $old_folder. Stop it, remove variant.takeOver, and run pulumi up again"
  foreign_user=$(find "$old_folder/docker" -maxdepth 6 -type d ! -user 0 -exec stat -c '%U (uid %u)' {} \; -quit)
  [ -z "$foreign_user" ] ||
    refuse_take_over "the images of $old_registry belong to the user $foreign_user, and the new registry writes as root, without the right to write to other users' folders. Stop it, run chown -R 0:0 $old_folder/docker, set variant.storagePath: $old_folder, remove variant.takeOver, and run pulumi up again"
}

storage_on_host() {
  case "$old_kind" in
  service) printf '%s\n' "$inside" ;;
  container) folder_behind_mount ;;
  esac
}

# Prints the host's folder behind the innermost mount of the container that contains $inside. A Docker volume with its
# own device is mounted only while a container uses it, so for such a volume the device's path is printed.
folder_behind_mount() {
  docker inspect -f '{{range .Mounts}}{{.Destination}}	{{.Source}}	{{.Name}}{{"\n"}}{{end}}' "$old_id" | awk -F '\t' -v inside="$inside" '
    (inside == $1 || index(inside, $1 "/") == 1) && length($1) > length(mount) { mount = $1; folder = $2; volume = $3 }
    END { if (mount != "") print folder "\n" substr(inside, length(mount) + 1) "\n" volume }' >"$stage/mount"
  { IFS= read -r folder && IFS= read -r rest && IFS= read -r volume; } <"$stage/mount" || return 0
  ! mounted "$folder" || [ -z "$volume" ] || folder=$(docker volume inspect -f '{{index .Options "device"}}' "$volume")
  printf '%s%s\n' "$folder" "$rest"
}

# Prints the path of the image folder as the registry's process sees it.
storage_view() { printf '/proc/%s/root%s\n' "$1" "$(storage_root "$1")"; }

same_folder() { [ -d "$1" ] && [ "$(identity_of "$1")" = "$(identity_of "$2")" ]; }

identity_of() { stat -L -c %d:%i "$1" 2>/dev/null || :; }

storage_root() {
  set -- "$1" "$(setting_of "$1" REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY)"
  [ -n "$2" ] || set -- "$1" "$(config_of "$1" | sed -n "s/.*rootdirectory: *[\"']\{0,1\}\([^\"' ,}]*\).*/\1/p" | head -n 1)"
  printf '%s\n' "${2:-/var/lib/registry}" | sed 's|/*$||'
}

# Prints the storage driver. An environment variable wins over the configuration file, as with distribution itself.
storage_driver() {
  set -- "$1" "$(setting_of "$1" REGISTRY_STORAGE)"
  [ -n "$2" ] || set -- "$1" "$(config_of "$1" | sed -n 's/^.*[[:space:]{]\(s3\|s3aws\|azure\|gcs\|swift\|oss\|inmemory\): *.*/\1/p' | head -n 1)"
  [ -n "$2" ] || set -- "$1" "$(environment_of "$1" | sed -n 's/^REGISTRY_STORAGE_\(S3\|S3AWS\|AZURE\|GCS\|SWIFT\|OSS\|INMEMORY\)_.*/\1/p' | head -n 1 | tr '[:upper:]' '[:lower:]')"
  printf '%s\n' "${2:-filesystem}"
}

# asks_for_login PID: whether a pull from the old registry needs a password: by its own configuration, or by what holds one of
# this registry's ports.
asks_for_login() {
  environment_of "$1" | grep '^REGISTRY_AUTH[=_]' >/dev/null || config_of "$1" | grep '^auth:' >/dev/null || port_asks_for_login
}

port_asks_for_login() {
  while read -r port _; do
    [ "$port" != - ] || continue
    for scheme in https http; do
      answer=$(curl -ks -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 5 --resolve "$registry_name:$port:127.0.0.1" "$scheme://$registry_name:$port/v2/" </dev/null) || :
      [ "$answer" != 401 ] || return 0
    done
  done <"$stage/found"
  return 1
}

setting_of() { environment_of "$1" | sed -n "s/^$2=//p"; }

environment_of() { tr '\0' '\n' <"/proc/$1/environ"; }

# Prints distribution's configuration file without its comment lines.
config_of() {
  file=$(tr '\0' '\n' <"/proc/$1/cmdline" | sed -n 3p)
  [ -n "$file" ] || file=$(setting_of "$1" REGISTRY_CONFIGURATION_PATH)
  case "$file" in
  /*) set -- "/proc/$1/root$file" ;;
  *) set -- "/proc/$1/cwd/$file" ;;
  esac
  sed 's/^[[:space:]]*#.*//' "$1" 2>/dev/null || :
}
