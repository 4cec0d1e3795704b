set -eu
umask 077

# The state of all bundles on this host. `home` is this bundle's folder in it.
: "${state:=/var/lib/container-registry}"

# Names of files and folders in there, as written by version 0.1:
# The id of the latest apply.
application_file=reach # written by version 0.1
# Backups of files of others that files of this program have replaced.
backup_folder=displaced # written by version 0.1
# Entries that an interrupted apply could not remove.
pending_entries=owed # written by version 0.1
# What this program created on this host, whichever bundle it was for.
created_list=$state/made # written by version 0.1

phase=staging
: "${machine:=}"

# Suffix of a new file's name, until the file is renamed to its final name.
new=.container-registry.new

say() { printf '%s\n' "$*" >&2 2>/dev/null || :; }

fail() {
  say "error: ${machine:+$machine: }$*"
  exit 1
}

# must PATH COMMAND…: runs a command that concerns this path. An error names the path and the system's reason.
must() {
  about=$1
  shift
  said=$("$@" 2>&1) || {
    [ "$phase" != staging ] || said="$said; nothing was touched"
    fail "$about: ${said##*: }"
  }
}

# Puts standard input into a file.
fill() { cat >"$1"; }

# Runs a command quietly. Its output goes to a file, so that the command does not fail if the operator's connection breaks.
run() {
  "$@" >"$stage/output" 2>&1 </dev/null || fail "$* failed: $(tail -n 8 "$stage/output")"
}

json_list() {
  sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&"/' | awk 'BEGIN { printf "[" } { printf "%s%s", (NR > 1 ? "," : ""), $0 } END { printf "]" }'
}
