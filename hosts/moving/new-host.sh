# The new host's side. A program whose connection was lost goes on until it notices, so each takes a lock.
storage_path=$folder stage=$work
require_disk /etc/fstab
refuse_other_owner
(umask 022 && mkdir -p "$lists" "$(dirname "$folder")")
mkdir -p "$folder"
exec 9>>"$lists/lock"
flock -n 9 || fail "another registry move-host copies files to this machine, or its end has not been noticed yet; run this again in a minute"

# Files arrive here, on the disk of the folder, and get to their places whole.
incoming=$folder/.move-host

# Deletes arrived blobs that are not what their digest says, and links that are none, and writes their paths to `damaged`.
# A disk that cannot be read gives zeros instead.
delete_damaged() {
  (
    cd "$incoming" || exit
    find . -type f -path '*/blobs/sha256/*/data' | awk -F/ '{ print $(NF - 1) "  " $0 }' >"$work/sums"
    {
      sha256sum --check --quiet "$work/sums" 2>/dev/null | sed -n 's/: FAILED.*$//p'
      find . -type f -name link -exec grep -LE '^[a-z0-9]+:[0-9a-f]+$' {} +
    } >"$work/damaged" || :
    xargs rm -f <"$work/damaged"
  )
}

# Puts what arrived in its place. A registry that serves here may have got newer files: they stay.
put_in_place() {
  newer=
  ! serves_here || newer=--update
  # shellcheck disable=SC2086 # one option or none
  cp --recursive --link --force $newer "$incoming/." "$folder/"
  rm -rf "$incoming"
}
