# Prints the lines of Caddy's access log, not older than `since` in seconds, that concern manifests or failed.
/"uri":"\/v2\/[^"]*\/manifests\// || /"status":[45][0-9][0-9][,}]/ {
  if (match($0, /"ts":[0-9.]+/) && substr($0, RSTART + 5, RLENGTH - 5) + 0 >= since) print
}
