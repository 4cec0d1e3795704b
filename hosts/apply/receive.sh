# Writes the bundle into a staging tree: visible files from this script, secret ones from standard input.
receive() {
  visibility=open
  files
  entries
  visibility=secret
  receive_secrets
  hook_add_files
  must "$stage/manifest" env LC_ALL=C sort -o "$stage/manifest" "$stage/manifest"
}

# file MODE ACTION PATH <TEXT: adds a file that only this program writes.
file() {
  path=$(real_path "$3") || exit 1
  must "$stage" mkdir -p "$stage/tree$(dirname "$path")"
  must "$stage/tree$path" fill "$stage/tree$path"
  chmod "$1" "$stage/tree$path"
  note manifest "$1 $path"
  note actions "$2 $path"
}

# entry FORMAT ACTION PATH <TEXT: adds an entry in a file that this program does not own. If the path is a link, the entry
# is for the file that the link leads to.
entry() {
  path=$(real_path "$3") || exit 1
  [ ! -L "$path" ] || path=$(readlink -f "$path") || fail "$3: this link leads nowhere; correct it or remove it, then run pulumi up again"
  note entries "$1 $path $visibility $(base64 | tr -d '\n')"
  note actions "$2 $path"
}

# note LIST LINE
note() { printf '%s\n' "$2" | must "$stage/$1" append "$stage/$1"; }
append() { cat >>"$1"; }

# Reads lines of MODE ACTION PATH BASE64 for files and FORMAT ACTION PATH BASE64 for entries, then the word `end`. Input
# without `end` was cut short.
receive_secrets() {
  while read -r kind action path text; do
    [ "$kind" != end ] || return 0
    printf '%s' "$text" | base64 -d | must "$stage/secret" fill "$stage/secret"
    case "$kind" in
    0*) file "$kind" "$action" "$path" <"$stage/secret" ;;
    *) entry "$kind" "$action" "$path" <"$stage/secret" ;;
    esac
  done
  fail "the secrets on standard input ended early; nothing was touched, run pulumi up again"
}
