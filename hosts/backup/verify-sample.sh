# restore_sample PERCENT: restores a random sample of the backup's tags into $scratch, with all that they need and no other link,
# and sets $tags and $restored_tags.
restore_sample() {
  install -d -m 0700 "$scratch"
  list_links "$repositories" '' >"$lists/wanted_links"
  awk '$1 == 4 { n = split($3, part, "/"); print $2, part[n - 2] }' "$lists/wanted_links" >"$lists/all.tags"
  tags=$(($(wc -l <"$lists/all.tags")))
  restored_tags=$(((tags * $1 + 99) / 100))
  say "restoring $restored_tags of $tags tags"
  shuf -n "$restored_tags" "$lists/all.tags" >"$lists/tags"
  [ -s "$lists/tags" ] || return 0
  reach_tags "$scratch" fetch_needed
  # A tag with a broken link stays in the sample, so that the check finds it.
  awk '{ print $1, $2, "-" }' "$lists/tags" | cat - "$lists/named" >"$lists/sampled"
  mv "$lists/sampled" "$lists/named"
  keep_reached_links
  awk -v tree="/$tree" '{ print "--include=" tree "/repositories/" $3 }' "$lists/wanted_links" >"$lists/include"
  fetch "$repositories" "$lists/include"
}

# Restores the blobs of $lists/needed into $scratch. The check afterwards hashes them.
fetch_needed() {
  cp "$lists/needed" "$lists/lacking"
  ! offered_blobs || fetch_offered
  cut -d ' ' -f 1 "$lists/take" >"$lists/whole"
  grep -vxF -f "$lists/whole" "$lists/needed" >"$lists/lacking"
}
