# Places that only the host knows. A bundle's own locate says `at WORD PATH` for each; its files then lie below @WORD/.
places=
locate() { :; }

at() {
  places="$places$1 $2
"
}

# The path itself, or below a place. Fails inside $(…): for `|| exit 1`.
real_path() {
  case "$1" in
  @*/*)
    word=${1%%/*}
    place=$(printf '%s' "$places" | sed -n "s|^${word#@} ||p" | tail -n 1)
    [ -n "$place" ] || fail "$1: this host has no $word"
    printf '%s\n' "${place%/}/${1#*/}"
    ;;
  *) printf '%s\n' "$1" ;;
  esac
}
