# One line of the node's /etc/hosts, the first, since the first match wins. All other lines stay byte for byte.
# The file is a mount of its own, which no rename can replace: it is written in place.

place_hosts_entry() {
  [ -n "$hosts_line" ] || return 0
  undo_cut_off
  ! hosts_entry_in_place || return 0
  { first_line && others; } >"$scratch/hosts"
  write_hosts || return 1
  say "/etc/hosts: $(first_line)"
  others | awk -v name="$registry_name" '
    { line = $0; sub(/#.*/, "") }
    { for (i = 2; i <= NF; i++) if ($i == name) print "/etc/hosts has that name in a later line too, which is left as it is: " line }'
}

remove_hosts_entry() {
  [ -n "$hosts_line" ] || return 0
  undo_cut_off
  others >"$scratch/hosts"
  ! cmp -s "$scratch/hosts" "$root/etc/hosts" || return 0
  write_hosts && say "/etc/hosts: removed the line of $registry_name"
}

hosts_entry_in_place() {
  [ -z "$hosts_line" ] || { first_line && others; } | cmp -s - "$root/etc/hosts"
}

first_line() { printf '%s %s\n' "$hosts_line" "$hosts_mark"; }

# sed, since it alone leaves a last line without a newline as it is.
others() { sed "/ $(printf %s "$hosts_mark" | sed 's/[].[*^$\/\\]/\\&/g')\$/d" "$root/etc/hosts"; }

# Writes $scratch/hosts. What was there and what is to be there are kept until all of it is down.
write_hosts() {
  try "$state" copy "$root/etc/hosts" "$root$state/hosts.before" &&
    try "$state" copy "$scratch/hosts" "$root$state/hosts.after" || return 1
  if ! try /etc/hosts overwrite "$scratch/hosts"; then
    overwrite "$root$state/hosts.before"
    return 1
  fi
  rm -f "$root$state/hosts.before"
}

overwrite() { cat "$1" >"$root/etc/hosts"; }

# A node that died while the file was being written has only the beginning of it.
undo_cut_off() {
  [ -f "$root$state/hosts.before" ] || return 0
  ! cut_off || overwrite "$root$state/hosts.before"
  rm -f "$root$state/hosts.before"
}

cut_off() {
  there=$(wc -c <"$root/etc/hosts")
  [ "$there" -lt "$(wc -c <"$root$state/hosts.after")" ] &&
    head -c "$there" "$root$state/hosts.after" | cmp -s - "$root/etc/hosts"
}
