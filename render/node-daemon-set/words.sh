say() { printf '%s\n' "$*"; }

# because REASON: why the node is not ready.
because() {
  reason=$*
  return 1
}

# try WHAT COMMAND…: a command whose failure is the reason, in its own words.
try() {
  what=$1
  shift
  "$@" 2>"$scratch/error" || because "$what: $(tail -n 1 "$scratch/error" | sed "s|$root/|/|g")"
}

# rewrite FILE: replaces it by standard input, whole or not at all.
rewrite() { cat >"$1.new" && mv -f "$1.new" "$1"; }

# record FILE LINE, and strike FILE LINE: a list of ours, a line each.
record() { grep -qxF -e "$2" "$1" 2>/dev/null || { cat "$1" 2>/dev/null; printf '%s\n' "$2"; } | rewrite "$1"; }
strike() { { grep -vxF -e "$2" "$1" || :; } | rewrite "$1"; }
