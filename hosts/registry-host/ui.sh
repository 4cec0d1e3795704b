# The files of the page at /ui/, sent here once and kept: a later apply has them without their being sent again.
locate() {
  [ -n "$page_files" ] || return 0
  retained_ui=$state/page
  must "$retained_ui" mkdir -p "$retained_ui"
  printf '%s\n' "$page_files" | while read -r digest name; do
    keep_page_file
    file 0644 - "$page_path/$name" <"$retained_ui/$name"
  done
  drop_sent "$page_sent"
}

keep_page_file() {
  ! has_sha256 "$retained_ui/$name" "$digest" || return 0
  ! was_sent "$page_sent/$name" || must "$retained_ui/$name" fill "$retained_ui/$name.new" <"$page_sent/$name"
  has_sha256 "$retained_ui/$name.new" "$digest" ||
    fail "the page's file $name is not on this host as it was built; change variant.generation to have it sent again"
  must "$retained_ui/$name" mv "$retained_ui/$name.new" "$retained_ui/$name"
}

# Whoever may use the registry gets the page, too.
ask_ui() {
  # shellcheck disable=SC2086 # curl_trust is a list of words
  [ "$ui" = none ] || curl -fsS -o /dev/null --max-time 10 $curl_trust --resolve "$registry_name:$registry_port:127.0.0.1" \
    -w '/ui/ answers %{http_code}' "$registry_url/ui/" >"$stage/answer" 2>&1
}

remove_ui() { rm -rf "$state/page"; }
