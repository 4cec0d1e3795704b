# Images by digest from a registry, or by id out of an archive that was sent here.
require_images() {
  printf '%s\n' "$images" | while read -r reference sha256 archive; do
    if [ "$archive" != - ]; then
      keep_archive
      load_archive
    elif ! docker image inspect "$reference" >/dev/null 2>&1; then
      say "pulling $reference"
      run docker pull -q "$reference"
    fi
  done
  drop_sending_folder
}

# The archive stays on the host: a pruned image comes back from it without being sent again.
keep_archive() {
  kept=$state/images/$(basename "$archive")
  was_sent "$archive" || return 0
  has_sha256 "$kept" "$sha256" || take_archive
  drop_sent "$archive"
}

# Checked is the copy that only root can change, so that what was checked is what is kept.
take_archive() {
  must "$state/images" mkdir -p "$state/images"
  must "$kept" cp "$archive" "$kept.new"
  has_sha256 "$kept.new" "$sha256" || {
    rm -f "$kept.new"
    fail "$archive is not the archive that this stack names (sha256 $sha256), so it was not loaded; $send_again"
  }
  must "$kept" mv "$kept.new" "$kept"
}

send_again="change variant.generation to have it sent again"

load_archive() {
  ! docker image inspect "$reference" >/dev/null 2>&1 || return 0
  [ -f "$kept" ] || fail "image $reference is not on this host, and neither is its archive $kept; $send_again"
  has_sha256 "$kept" "$sha256" ||
    fail "$kept is not the archive that this stack names (sha256 $sha256), so it was not loaded; $send_again"
  say "loading $(basename "$kept")"
  run docker load -q -i "$kept"
  docker image inspect "$reference" >/dev/null 2>&1 ||
    fail "$(basename "$kept") holds no image $reference but $(loaded_ids); set images.*.reference to the id as this host's Docker has it"
}

# docker load names what had a name, and gives the id of the rest.
loaded_ids() { sed -n 's/^Loaded image\( ID\)*: //p' "$stage/output" | xargs -r docker image inspect -f '{{.Id}}' | paste -s -d' ' -; }

# destroy: the archives, and what was loaded from them. Docker keeps an image that somebody's container uses.
remove_archives() {
  rm -rf "$state/images"
  printf '%s\n' "$images" | while read -r reference _ archive; do
    [ "$archive" = - ] || docker image rm "$reference" >/dev/null 2>&1 || :
  done
}
