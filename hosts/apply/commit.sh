# The new files serve: their manifest replaces the old one, and the copies of the old files are deleted.
commit() {
  must "$home/manifest" mv "$home/previous/next" "$home/manifest"
  # A removal command of versions before 0.1, which an upgraded stack's state may still hold, compares this file with a kind
  # of connection. The file's content is never equal to one, so such a removal leaves everything as it is.
  must "$home/$application_file" mv "$home/previous/$application_file" "$home/$application_file"
  must "$home/owner" mv "$home/previous/owner" "$home/owner"
  rm -rf "$home/previous" "$home/pending" "$home/${pending_entries:?}"
  hand_over
  drop_backups
  forget_files
  cat "$stage/removed" "$stage/undone" | tidy
}
