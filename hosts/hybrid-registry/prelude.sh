set -eu
umask 077

phase=looking
# Names of the containers that this run changed, created and started (fresh), and the words `proxy` and `storage` for
# those whose files have not served yet (unserved).
changed=
created=
fresh=
unserved=

say() { printf '%s\n' "$*" >&2 2>/dev/null || :; }

fail() {
  say "error: $*"
  exit 1
}

# Runs a command quietly. The command's output is shown only if it fails.
run() { said=$("$@" 2>&1 </dev/null) || fail "$1 $2 failed: $said"; }

# The names in $*, as a JSON list.
json_list() {
  # shellcheck disable=SC2048,SC2086 # names of containers and volumes have no white space
  set -- $*
  [ $# -gt 0 ] || {
    printf '[]'
    return 0
  }
  printf '[%s]' "$(printf '"%s"\n' "$@" | sort -u | paste -s -d , -)"
}
