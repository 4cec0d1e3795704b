# say_replaced PATH: tells of somebody else's file that a file of this bundle is about to replace, and how the two differ where
# secrets can be told from the rest: in files of containerd and CRI-O.
say_replaced() {
  say "${machine:+$machine: }$1: somebody else wrote this file; the stack's replaces it, and theirs comes back when the stack's is removed"
  case "$1" in */hosts.toml | */registries.conf.d/*.conf) ;; *) return 0 ;; esac
  [ -f "$1" ] || return 0
  say "$(shown_lines - <"$1")"
  say "$(shown_lines + <"$stage/tree$1")"
}

# shown_lines SIGN: the lines of a TOML file, each after a sign, without comments. Values of keys that may be secrets are left out.
shown_lines() {
  awk -v sign="$1" '
    /^[ \t]*(#|$)/ { next }
    { sub(/\r$/, ""); gsub(/\/\/[^\/@ ]*@/, "//(not shown)@") }
    /^[ \t]*\[\[?[A-Za-z]/ { secret = /header/; print sign " " $0; next }
    !/^[ \t]*[A-Za-z_-]+[ \t]*=/ { print sign " (not shown)"; next }
    {
      key = $0
      sub(/[ \t]*=.*/, "", key)
      word = key
      sub(/^[ \t]*/, "", word)
      open = word ~ /^(server|capabilities|ca|client|skip_verify|override_path|dial_timeout|prefix|location|insecure|blocked|mirror-by-digest-only|pull-from-mirror)$/
      if (open && !secret) sub(/[ \t]+#.*$/, ""); else $0 = key " = (not shown)"
      print sign " " $0
    }'
}
