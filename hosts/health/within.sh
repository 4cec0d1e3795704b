# Runs a program, and kills it after $seconds.
within() { timeout -s KILL "$seconds" "$@"; }
docker() { within docker "$@" </dev/null; }
