# Prints the lines of standard input that concern manifests or failed, each at once. awk may wait for more input before it prints,
# and so may a grep without this option: then every line passes.
followed_lines() {
  if echo x | grep -q --line-buffered x 2>/dev/null; then
    grep --line-buffered -E '/manifests/|"status":[45][0-9][0-9][,}]'
  else
    cat
  fi
}
