# Images by digest from a registry, or by id out of an archive that was sent here.
require_images() {
  printf '%s\n' "$images" | while read -r reference archive; do
    if [ "$archive" != - ]; then
      keep_archive "$reference" "$archive"
    elif ! docker image inspect "$reference" >/dev/null 2>&1; then
      say "pulling $reference"
      run docker pull -q "$reference"
    fi
  done
}

# The archive stays on the host: a pruned image comes back from it without being sent again.
keep_archive() {
  kept=$state/images/$(basename "$2")
  if [ -f "$2" ] && [ "$2" != "$kept" ]; then
    mkdir -p "$state/images"
    cp "$2" "$kept.new"
    mv "$kept.new" "$kept"
    [ "$sent_here" != true ] || rm -f "$2"
  fi
  docker image inspect "$1" >/dev/null 2>&1 && return 0
  [ -f "$kept" ] || fail "image $1 is not on this host, and neither is its archive $kept; change variant.generation to have it sent again"
  say "loading $(basename "$kept")"
  run docker load -q -i "$kept"
  docker image inspect "$1" >/dev/null 2>&1 ||
    fail "$(basename "$kept") holds no image $1 but $(loaded_ids); set images.*.reference to the id as this host's Docker has it"
}

# docker load names what had a name, and gives the id of the rest.
loaded_ids() { sed -n 's/^Loaded image\( ID\)*: //p' "$stage/output" | xargs -r docker image inspect -f '{{.Id}}' | paste -s -d' ' -; }

# destroy: the archives, and what was loaded from them. Docker keeps an image that somebody's container uses.
remove_archives() {
  rm -rf "$state/images"
  printf '%s\n' "$images" | while read -r reference archive; do
    [ "$archive" = - ] || docker image rm "$reference" >/dev/null 2>&1 || :
  done
}
