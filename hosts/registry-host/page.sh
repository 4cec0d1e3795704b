# The files of the page at /ui/, sent here once and kept: a later apply has them without their being sent again.
locate() {
  [ -n "$page_files" ] || return 0
  kept_page=$state/page
  must "$kept_page" mkdir -p "$kept_page"
  printf '%s\n' "$page_files" | while read -r digest name; do
    keep_page_file
    file 0644 - "$page_path/$name" <"$kept_page/$name"
  done
  drop_sent "$page_sent"
}

keep_page_file() {
  ! has_sha256 "$kept_page/$name" "$digest" || return 0
  ! was_sent "$page_sent/$name" || must "$kept_page/$name" fill "$kept_page/$name.new" <"$page_sent/$name"
  has_sha256 "$kept_page/$name.new" "$digest" ||
    fail "the page's file $name is not on this host as it was built; change variant.generation to have it sent again"
  must "$kept_page/$name" mv "$kept_page/$name.new" "$kept_page/$name"
}

# Whoever may use the registry gets the page, too.
ask_page() {
  # shellcheck disable=SC2086 -- curl_trust is a list of words
  [ "$ui" = none ] || curl -fsS -o /dev/null --max-time 10 $curl_trust --resolve "$registry_name:$registry_port:127.0.0.1" \
    -w '/ui/ answers %{http_code}' "$registry_url/ui/" >"$stage/answer" 2>&1
}

remove_page() { rm -rf "$state/page"; }
