# The trash, from which blobs can be put back.

in_trash() { find "$trash" -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort; }

# Reads digests, and moves their blobs out of the trash. A blob that a client has uploaded again stays as it is.
put_back() {
  while read -r hex; do
    parent=$blobs/$(printf %.2s "$hex")
    [ -d "$trash/$hex" ] && [ ! -e "$parent/$hex/data" ] || continue
    touch -c "$trash/$hex/data"
    mkdir -p "$parent"
    mv "$trash/$hex" "$parent/" && printf '%s\n' "$hex" >>"$work/put-back"
  done
}

# Marks, and puts back what is marked but only in the trash. A manifest that is put back may contain more digests.
mark_and_mend() {
  while mark "$1" && put_back_marked "$1"; do :; done
}

put_back_marked() {
  before=$(count "$work/put-back")
  in_trash | in_both "$1" - >"$work/wanted"
  put_back <"$work/wanted"
  [ "$(count "$work/put-back")" -gt "$before" ]
}

# Deletes what has been in the trash for longer than graceDays, or for any time.
empty_trash() {
  find "$trash" -mindepth 1 -maxdepth 1 -type d "$@" | sed 's|.*/||' >"$work/expired"
  without "$work/expired" "$work/marked" >"$work/old"
  emptied=$(bytes_in "$trash" <"$work/old")
  sed "s|^|$trash/|" "$work/old" | xargs -r rm -rf
}

# Ends what a killed collection has left: the 404 for candidates, and blobs that were linked while they were moved.
finish() {
  end_hold
  [ ! -e "$collection/moving" ] || {
    watch "$collection/moving"
    put_back_linked "$collection/moving"
  }
  rm -rf "$collection/candidates" "$collection/moving"
  mkdir "$collection/candidates"
}
