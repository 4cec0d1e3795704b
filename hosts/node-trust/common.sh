# Shell functions that the scripts of all runtimes share.
hook_preflight() {
  require_runtime
  require_verifier
}

# require_directory PATH: fails where something other than a directory is at the path.
require_directory() {
  [ -d "$1" ] || { [ ! -e "$1" ] && [ ! -L "$1" ]; } ||
    fail "$1 is not a directory, or is a link that leads nowhere; correct or remove it, then run pulumi up again"
}

# within_seconds SECONDS COMMAND…: repeats the command until it succeeds. Fails after that time.
within_seconds() {
  deadline=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 1
  done
}

has() { command -v "$1" >/dev/null 2>&1; }

unit_exists() { has systemctl && systemctl cat "$1" >/dev/null 2>&1; }

# running_unit UNIT…: prints the first one that runs or is starting.
running_unit() {
  has systemctl || return 0
  for unit in "$@"; do
    case "$(systemctl is-active "$unit" 2>/dev/null)" in
    active | activating | reloading) printf '%s\n' "$unit" && return 0 ;;
    esac
  done
}
