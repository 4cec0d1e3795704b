# Compares what an apply wrote on this machine with what is there now. It prints lines, and changes nothing.
set -u
export LC_ALL=C
: "${state:=/var/lib/container-registry}"
home=$state/$folder

# Files whose text is printed are at most this large, in bytes.
text_limit=65536

printf 'clock %s\n' "$(date +%s)"
printf 'addresses %s\n' "$(hostname -I 2>/dev/null || ip -o addr | awk '{ sub("/.*", "", $4); printf "%s ", $4 }')"

# file MODE PATH: what is there, as `missing`, `link` or MODE USER:GROUP SHA256 SECONDS.
file() {
  if [ -L "$2" ]; then
    now="link"
  elif [ ! -f "$2" ]; then
    now="missing"
  else
    now="$(stat -c '0%a %u:%g' "$2") $(sha256sum <"$2" | cut -d' ' -f1) $(stat -c %Y "$2")"
  fi
  wanted=$(awk -v path="$2" '$1 == "sum" && $3 == path { print $2; exit }' "$home/manifest")
  printf 'file %s %s %s %s\n' "$2" "$1" "${wanted:--}" "$now"
  # The text of a secret file stays on the machine.
  case "$1 $now" in
  *missing | *link | *" $wanted "*) ;;
  0644*) [ "$(wc -c <"$2")" -gt "$text_limit" ] || printf 'text %s %s\n' "$2" "$(base64 <"$2" | tr -d '\n')" ;;
  esac
}

# entry FORMAT PATH BASE64: whether each line of the entry is still in the file.
entry() {
  there=missing
  if [ -f "$2" ]; then
    case "$1" in
    daemon-json) has_all "$2" "$(printf '%s' "$3" | base64 -d | grep -o '"[^"]*:*[^"]*"]' | tr -d ']')" ;;
    *) has_all "$2" "$(printf '%s' "$3" | base64 -d)" ;;
    esac && there=there
  fi
  printf 'entry %s %s %s\n' "$2" "$1" "$there"
}

# has_all FILE LINES: whether the file has each line outside comments, whatever stands around it.
has_all() {
  printf '%s\n' "$2" | while read -r line; do
    [ -z "$line" ] || grep -v '^ *#' "$1" | grep -qF -e "$line" || exit 1
  done
}

applied_files() {
  [ -f "$home/manifest" ] || {
    printf 'nothing\n'
    return
  }
  printf 'applied %s\n' "$(stat -c %Y "$home/manifest")"
  [ ! -f "$home/owner" ] || printf 'owner %s\n' "$(cat "$home/owner")"
  [ ! -f "$home/previous/next" ] || printf 'interrupted\n'
  while read -r kind first second third _; do
    case "$kind" in
    0*) file "$kind" "$first" ;;
    entry) entry "$first" "$second" "$third" ;;
    directory) [ -d "$first" ] || printf 'file %s 0755 - missing\n' "$first" ;;
    esac
  done <"$home/manifest"
}

applied_files
