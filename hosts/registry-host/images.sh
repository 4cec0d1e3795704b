# Pulls each image by digest from a registry, or loads it by id from an archive that was sent to this host.
require_images() {
  printf '%s\n' "$images" | while read -r reference sha256 archive; do
    if [ "$archive" != - ]; then
      store_archive
      load_archive
    elif ! docker image inspect "$reference" >/dev/null 2>&1; then
      say "pulling $reference"
      run docker pull -q "$reference"
    fi
  done
  drop_sending_folder
}

# The archive is stored on the host, where an image that was pruned can be loaded from it again.
store_archive() {
  stored=$state/images/$(basename "$archive")
  was_sent "$archive" || return 0
  has_sha256 "$stored" "$sha256" || copy_archive
  drop_sent "$archive"
}

# Checks the copy, which only root can change, so that nobody can replace it after the check.
copy_archive() {
  must "$state/images" mkdir -p "$state/images"
  must "$stored" cp "$archive" "$stored.new"
  has_sha256 "$stored.new" "$sha256" || {
    rm -f "$stored.new"
    fail "$archive is not the archive that this stack names (sha256 $sha256), so it was not loaded; $send_again"
  }
  must "$stored" mv "$stored.new" "$stored"
}

send_again="change variant.generation to have it sent again"

load_archive() {
  ! docker image inspect "$reference" >/dev/null 2>&1 || return 0
  [ -f "$stored" ] || fail "image $reference is not on this host, and neither is its archive $stored; $send_again"
  has_sha256 "$stored" "$sha256" ||
    fail "$stored is not the archive that this stack names (sha256 $sha256), so it was not loaded; $send_again"
  say "loading $(basename "$stored")"
  run docker load -q -i "$stored"
  docker image inspect "$reference" >/dev/null 2>&1 ||
    fail "$(basename "$stored") holds no image $reference but $(loaded_ids); set images.*.reference to the id as this host's Docker has it"
}

# Prints the ids of the loaded images. `docker load` prints the name of an image that has one, otherwise the id.
loaded_ids() { sed -n 's/^Loaded image\( ID\)*: //p' "$stage/output" | xargs -r docker image inspect -f '{{.Id}}' | paste -s -d' ' -; }

# Deletes the archives and the images loaded from them, at destroy. Docker keeps an image that a container uses.
remove_archives() {
  rm -rf "$state/images"
  printf '%s\n' "$images" | while read -r reference _ archive; do
    [ "$archive" = - ] || docker image rm "$reference" >/dev/null 2>&1 || :
  done
}
