# Compares what applies wrote on this machine with what is there now. It prints lines, and changes nothing.
# $folders: the folders of their bundles, as patterns.
set -u
export LC_ALL=C
: "${state:=/var/lib/container-registry}"

# Files whose text is printed are at most this large, in bytes.
text_limit=65536

printf 'clock %s\n' "$(date +%s)"
printf 'addresses %s\n' "$(hostname -I 2>/dev/null || ip -o addr | awk '{ sub("/.*", "", $4); printf "%s ", $4 }')"

# file MODE PATH SHA256: what is there, as `missing`, `link` or MODE USER:GROUP SHA256 SECONDS.
file() {
  if [ -L "$2" ]; then
    now="link"
  elif [ ! -f "$2" ]; then
    now="missing"
  else
    sum=$(sha256sum <"$2")
    now=$(stat -c "0%a %u:%g ${sum%% *} %Y" "$2")
  fi
  printf 'file %s %s %s %s\n' "$2" "$1" "$3" "$now"
  # The text of a secret file stays on the machine.
  case "$1 $now" in
  *missing | *link | *" $3 "*) ;;
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

# adopted FORMAT PATH BASE64 THEIRS: whether an entry that somebody else wrote still is as the apply found it. THEIRS is its text in
# base64, in JSON only the element.
adopted() {
  there=changed
  if [ "$1" = daemon-json ]; then
    entry "$1" "$2" "$3" | grep -q ' there$' && there=there
  elif [ -f "$2" ]; then
    case "$(printf '\n%s\n' "$(tr -d '\r' <"$2")")$newline" in *"$newline$(printf '%s' "$4" | base64 -d)$newline"*) there=there ;; esac
  fi
  printf 'adopted %s %s %s\n' "$2" "$1" "$there"
}
newline='
'

# has_all FILE LINES: whether the file has each line outside comments, whatever stands around it.
has_all() {
  printf '%s\n' "$2" | while read -r line; do
    [ -z "$line" ] || grep -v '^ *#' "$1" | grep -qF -e "$line" || exit 1
  done
}

# The manifest, with its checksum behind each file that has one.
with_sums() {
  awk 'NR == FNR { if ($1 == "sum") sums[$3] = $2; next } /^0/ { print $1, $2, ($2 in sums ? sums[$2] : "-"); next } { print }' "$1" "$1"
}

applied_files() {
  [ -f "$home/manifest" ] || return
  printf 'applied %s\n' "$(stat -c %Y "$home/manifest")"
  [ ! -f "$home/owner" ] || printf 'owner %s\n' "$(cat "$home/owner")"
  [ ! -f "$home/previous/next" ] || printf 'interrupted\n'
  with_sums "$home/manifest" | while read -r kind first second third _ theirs _; do
    case "$kind" in
    0*) file "$kind" "$first" "$second" ;;
    entry) entry "$first" "$second" "$third" ;;
    adopted) adopted "$first" "$second" "$third" "$theirs" ;;
    directory) [ -d "$first" ] || printf 'file %s 0755 - missing\n' "$first" ;;
    esac
  done
}

# shellcheck disable=SC2086 # a list of patterns
for home in $(cd "$state" 2>/dev/null && printf '%s\n' $folders); do
  home=$state/$home
  applied_files
done
