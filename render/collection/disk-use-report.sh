# Prints how full the disk is, what blobs take, what those in the trash take, and the record of the disk.
bytes_below() {
  [ -d "$1" ] || {
    echo 0
    return
  }
  find "$1" -type f -name data -exec stat -c %s {} + | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

record_disk_use
df -P -k "$storage"
printf 'blobs %s\n' "$(bytes_below "$blobs")"
printf 'trash %s\n' "$(bytes_below "$trash")"
[ ! -f "$collection/disk-use" ] || sed 's/^/record /' "$collection/disk-use"
