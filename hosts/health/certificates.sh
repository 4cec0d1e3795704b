# The certificates that the proxy reads. They are public; the keys beside them are left alone.
read_certificates() {
  printf ',"certificates":[%s]' "$(certificate_paths | while read -r path; do
    printf '{"path":%s,"pem":%s}\n' "$(printf '%s\n' "$path" | json_text)" "$(sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' "$path" | json_text)"
  done | listed)"
}

certificate_paths() {
  if [ -n "$certificate_file" ]; then
    [ ! -f "$certificate_file" ] || printf '%s\n' "$certificate_file"
  elif [ -d "$certificate_folder" ]; then
    within find "$certificate_folder" -name "$registry_name.crt" -type f
  fi
}
