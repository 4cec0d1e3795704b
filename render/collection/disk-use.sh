# How full the disk is, over time.

# Adds a line to the record: the time, and the bytes used and free. At most one an hour; the newest thousand stay. A disk
# without room, or a storage that is not there yet, has no line.
record_disk_use() {
  record=$collection/disk-use
  [ -d "$storage" ] && [ -z "$(find "$record" -mmin -60 2>/dev/null)" ] || return 0
  mkdir -p "$collection" || return 0
  {
    tail -n 999 "$record" 2>/dev/null
    df -P -k "$storage" | awk -v now="$(date -u +%Y-%m-%dT%H:%M:%SZ)" 'NR == 2 && match($0, /[0-9]+ +[0-9]+ +-?[0-9]+ +[0-9]+%/) {
      split(substr($0, RSTART), field, / +/)
      printf "%s %.0f %.0f\n", now, field[2] * 1024, field[3] * 1024
    }'
  } >"$record.new" && mv "$record.new" "$record" || rm -f "$record.new"
}
