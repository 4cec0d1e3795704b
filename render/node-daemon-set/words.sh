say() { printf '%s\n' "$*"; }

# because REASON: sets why the node is not ready, and fails.
because() {
  reason=$*
  return 1
}

# try WHAT COMMAND…: runs a command. If it fails, the last line of its error is the reason why the node is not ready.
try() {
  what=$1
  shift
  "$@" 2>"$scratch/error" || because "$what: $(tail -n 1 "$scratch/error" | sed "s|$root/|/|g")"
}

# rewrite FILE: replaces the file by standard input in one rename.
rewrite() { cat >"$1.new" && mv -f "$1.new" "$1"; }

# record FILE LINE adds a line to a list, strike FILE LINE removes it.
record() { grep -qxF -e "$2" "$1" 2>/dev/null || {
  cat "$1" 2>/dev/null
  printf '%s\n' "$2"
} | rewrite "$1"; }
strike() { { grep -vxF -e "$2" "$1" || :; } | rewrite "$1"; }
