# One line of the node's /etc/hosts. It comes first, since the first match wins; all other lines stay byte for byte.
# The file is a mount of its own, which cannot be replaced by a rename, so it is overwritten.

write_hosts_entry() {
  [ -n "$hosts_line" ] || return 0
  undo_partial_write
  ! hosts_entry_unchanged || return 0
  { first_line && others; } >"$scratch/hosts"
  write_hosts || return 1
  say "/etc/hosts: $(first_line)"
  others | awk -v name="$registry_name" '
    { line = $0; sub(/#.*/, "") }
    { for (i = 2; i <= NF; i++) if ($i == name) print "/etc/hosts has that name in a later line too, which is left as it is: " line }'
}

remove_hosts_entry() {
  [ -n "$hosts_line" ] || return 0
  undo_partial_write
  others >"$scratch/hosts"
  ! cmp -s "$scratch/hosts" "$root/etc/hosts" || return 0
  write_hosts && say "/etc/hosts: removed the line of $registry_name"
}

hosts_entry_unchanged() {
  [ -z "$hosts_line" ] || { first_line && others; } | cmp -s - "$root/etc/hosts"
}

first_line() { printf '%s %s\n' "$hosts_line" "$hosts_mark"; }

# sed, since awk and grep would add a newline to a last line that has none.
others() { sed "/ $(printf %s "$hosts_mark" | sed 's/[].[*^$\/\\]/\\&/g')\$/d" "$root/etc/hosts"; }

# Overwrites /etc/hosts with $scratch/hosts. Copies of the old and the new text are stored until the write is complete.
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

# Restores the old text if the node crashed during the write, when the file is only the beginning of the new text.
undo_partial_write() {
  [ -f "$root$state/hosts.before" ] || return 0
  ! partly_written || overwrite "$root$state/hosts.before"
  rm -f "$root$state/hosts.before"
}

partly_written() {
  there=$(wc -c <"$root/etc/hosts")
  [ "$there" -lt "$(wc -c <"$root$state/hosts.after")" ] &&
    head -c "$there" "$root$state/hosts.after" | cmp -s - "$root/etc/hosts"
}
