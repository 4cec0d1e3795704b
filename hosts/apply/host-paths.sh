# Paths that are found on the host at apply time. hook_find_host_paths calls `host_path WORD PATH` for each. In the paths
# of a bundle's files, @WORD/ at the beginning stands for that path.
host_paths=

host_path() {
  host_paths="$host_paths$1 $2
"
}

# Prints an absolute path for a path of the bundle. Call it as $(real_path PATH) || exit 1: `fail` ends only the subshell.
real_path() {
  case "$1" in
  @*/*)
    word=${1%%/*}
    base=$(printf '%s' "$host_paths" | sed -n "s|^${word#@} ||p" | tail -n 1)
    [ -n "$base" ] || fail "$1: this host has no $word"
    printf '%s\n' "${base%/}/${1#*/}"
    ;;
  *) printf '%s\n' "$1" ;;
  esac
}
