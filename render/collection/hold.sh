# Holds writes for a moment, and moves blobs meanwhile.

# Has the proxy hold writes: while a file held-SECOND with the current second's name is there, it waits for a socket whose
# name has the current second, too. Both are made beforehand, so a hold ends even if this machine loses its power.
begin_hold() {
  held_until=$(($(date +%s) + hold_seconds))
  rm -f "$hold"/open-*
  open_between $((held_until + 1)) $((held_until + 12))
  began=$(milliseconds)
  seq "$(date +%s)" "$held_until" | sed "s|^|$hold/held-|" | xargs -r touch
}

end_hold() {
  open_between "$(date +%s)" "${held_until:-$(($(date +%s) + hold_seconds))}"
  rm -f "$hold"/held-*
}

# Links the proxy's own socket, which sends the waiting writes on, under the name of each second.
open_between() { for second in $(seq "$1" "$2"); do ln -sf "$writes_socket" "$hold/open-$second.sock"; done; }

# How long this machine has been running.
milliseconds() { awk '{ printf "%.0f", $1 * 1000 }' /proc/uptime; }

may_move() { [ "$(date +%s)" -lt $((held_until - 1)) ]; }

# Moves the blobs of a file in one hold. A write that began before the hold may link a blob while it is moved: such a blob
# is put back.
move_batch() {
  begin_hold
  sleep 0.1
  take_off "$1"
  if may_move; then
    blob_directories <"$1" | xargs -r sh -c 'mv "$@" "$0/"' "$trash" || :
    sleep 0.1
    put_back_linked "$1"
  else
    say "the disk is slow: one batch stays for the next collection"
  fi
  end_hold
  held=$(($(milliseconds) - began))
  [ "$held" -le "$longest" ] || longest=$held
}

# take_off FILE: removes the digests that were linked since the stamp from the file.
take_off() {
  list_linked
  without "$1" "$work/new" >"$work/left"
  mv "$work/left" "$1"
}

# Not in a pipeline, where the rest would go on if one of its files cannot be written.
list_linked() {
  linked_since "$collection/stamp" >"$work/unsorted"
  sort -u "$work/unsorted" >"$work/new"
  require_whole_lists
}

put_back_linked() {
  list_linked
  in_both "$work/new" "$1" >"$work/linked"
  put_back <"$work/linked"
}
