# What most runtimes have no need of; a runtime's own functions come after these, and win.
validate() { :; }
activate() { :; }
withdraw() { :; }
remove_data() { :; }

preflight() {
  require_runtime
  require_prover
}

# A runtime that keeps its registries in a directory must be able to look into it.
require_directory() {
  [ -d "$1" ] || { [ ! -e "$1" ] && [ ! -L "$1" ]; } ||
    fail "$1 is no directory, or a link that leads nowhere; put that right, or remove it"
}

# withdraw also comes first on removal, where all is in place yet.
first_apply_failed() { [ "$phase" = returning ]; }

# within_seconds SECONDS COMMAND…
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

# The first of these units that runs, or is about to.
running_unit() {
  has systemctl || return 0
  for unit in "$@"; do
    case "$(systemctl is-active "$unit" 2>/dev/null)" in
    active | activating | reloading) printf '%s\n' "$unit" && return 0 ;;
    esac
  done
}
