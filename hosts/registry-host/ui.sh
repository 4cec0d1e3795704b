# The files of the ui at /ui/ are sent to the host once and stored in this folder, where a later apply finds them.
stored_ui=$state/page # written by version 0.1

hook_add_files() {
  [ -n "$ui_files" ] || return 0
  must "$stored_ui" mkdir -p "$stored_ui"
  printf '%s\n' "$ui_files" | while read -r digest name; do
    store_ui_file
    file 0644 - "$ui_path/$name" <"$stored_ui/$name"
  done
  drop_sent "$ui_sent"
}

store_ui_file() {
  ! has_sha256 "$stored_ui/$name" "$digest" || return 0
  ! was_sent "$ui_sent/$name" || must "$stored_ui/$name" fill "$stored_ui/$name.new" <"$ui_sent/$name"
  has_sha256 "$stored_ui/$name.new" "$digest" ||
    fail "the ui's file $name is missing on this host, or is not the one that was built; change variant.generation to have it sent again"
  must "$stored_ui/$name" mv "$stored_ui/$name.new" "$stored_ui/$name"
}

# Checks that the ui answers, if this host has one.
ask_ui() {
  # shellcheck disable=SC2086 # curl_trust is a list of words
  [ "$ui" = none ] || curl -fsS -o /dev/null --max-time 10 $curl_trust --resolve "$registry_name:$registry_port:127.0.0.1" \
    -w '/ui/ answers %{http_code}' "$registry_url/ui/" >"$stage/answer" 2>&1
}

remove_ui() { rm -rf "$stored_ui"; }
