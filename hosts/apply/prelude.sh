set -eu
umask 077

# The state of all bundles on this host, and of this one: manifest, pending, previous/.
: "${state:=/var/lib/container-registry}"
home=$state/$bundle
phase=staging

say() { printf '%s\n' "$*" >&2 2>/dev/null || :; }

fail() {
  say "error: $*"
  exit 1
}

# Runs a command quietly. Its words go to a file: a broken pipe to an operator who left cannot end it.
run() {
  "$@" >"$stage/output" 2>&1 </dev/null || fail "$* failed: $(tail -n 8 "$stage/output")"
}

json_list() {
  sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&"/' | paste -s -d, - | sed 's/.*/[&]/'
}
