# The new files serve: their manifest replaces the old one, and the copies of the old files are deleted.
commit() {
  must "$home/manifest" mv "$home/previous/next" "$home/manifest"
  # Versions before 0.1 compare this file with a kind of connection. It equals none, so that their removal, which the state
  # of an upgraded stack may still hold, leaves everything as it is.
  must "$home/$application_file" mv "$home/previous/$application_file" "$home/$application_file"
  must "$home/owner" mv "$home/previous/owner" "$home/owner"
  rm -rf "$home/previous" "$home/pending" "$home/${pending_entries:?}"
  hand_over
  drop_backups
  forget_files
  cat "$stage/removed" "$stage/undone" | tidy
}
