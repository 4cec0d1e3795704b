# Lists the bundle's files that differ from those on the host in content, mode or owner, and files of others that the
# bundle would overwrite.
compare() {
  read_others
  while read -r mode path; do
    [ ! -d "$path" ] || fail "$path: a directory is in the way; nothing was touched"
    claim_file
    owned "$path" || is_listed "$path" || ! present "$path" || {
      note adopted "$path"
      cmp -s "$path" "$stage/tree$path" || say_replaced "$path"
    }
    same "$mode" "$path" || note changed "$path"
  done <"$stage/manifest"
  own_paths | while read -r path; do
    ! grep -q " $path\$" "$stage/manifest" || continue
    if has_holder "$path"; then note left "$path"; else note removed "$path"; fi
  done
  compare_entries
}

# The manifest's lines are MODE PATH and `sum SHA256 PATH` for a file, `entry FORMAT PATH BASE64 LABEL`, `adopted FORMAT PATH
# BASE64 LABEL BASE64` for an entry that is somebody else's, with their text at the end, `action WORD PATH` and `directory PATH`.
own_paths() { [ ! -f "$home/manifest" ] || sed -n 's/^0[0-7]* //p' "$home/manifest"; }

owned() { own_paths | grep -qxF "$1"; }

# is_listed PATH: whether another bundle's manifest lists this file.
is_listed() { awk -v path="$1" '$2 ~ /^0[0-7]*$/ && $3 == path { found = 1 } END { exit !found }' "$stage/others"; }

present() { [ -e "$1" ] || [ -L "$1" ]; }

same() {
  [ -f "$2" ] && [ ! -L "$2" ] &&
    [ "$(stat -c '0%a %u:%g' "$2")" = "$1 0:0" ] &&
    cmp -s "$2" "$stage/tree$2"
}

# Writes the pending actions: those of files that change now, and those that an interrupted apply has not done.
remember_actions() {
  actions | while read -r action path; do
    ! grep -qxF "$path" "$stage/changed" "$stage/removed" || printf '%s\n' "$action"
  done | must "$stage/pending" fill "$stage/pending"
  [ ! -f "$home/pending" ] || note pending "$(cat "$home/pending")"
  must "$home/pending" env LC_ALL=C sort -u -o "$home/pending.new" "$stage/pending"
  must "$home/pending" mv "$home/pending.new" "$home/pending"
}

actions() {
  cat "$stage/actions"
  [ ! -f "$home/manifest" ] || sed -n 's/^action //p' "$home/manifest"
}

action_pending() { grep -qx "$1" "$home/pending"; }
