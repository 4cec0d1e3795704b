# Puts the bundle into a private tree first: text from this script, secrets from standard input.
receive() {
  visibility=open
  files
  entries
  visibility=secret
  receive_secrets
  must "$stage/manifest" env LC_ALL=C sort -o "$stage/manifest" "$stage/manifest"
}

# file MODE ACTION PATH <text
file() {
  path=$(real_path "$3") || exit 1
  must "$stage" mkdir -p "$stage/tree$(dirname "$path")"
  must "$stage/tree$path" fill "$stage/tree$path"
  chmod "$1" "$stage/tree$path"
  note manifest "$1 $path"
  note actions "$2 $path"
}

# entry FORMAT ACTION PATH <text: the file it goes into is not ours. A link to that is followed.
entry() {
  path=$(real_path "$3") || exit 1
  [ ! -L "$path" ] || path=$(readlink -f "$path") || fail "$3: a link that leads nowhere"
  note entries "$1 $path $visibility $(base64 | tr -d '\n')"
  note actions "$2 $path"
}

# note LIST LINE
note() { printf '%s\n' "$2" | must "$stage/$1" append "$stage/$1"; }
append() { cat >>"$1"; }

# Lines of MODE ACTION PATH BASE64, or of FORMAT for MODE, closed by `end`: input cut short by a dying operator must not
# pass for a short list.
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
