# Puts the bundle into a private tree first: text from this script, secrets from standard input.
receive() {
  rm -rf "$home"/stage.*
  stage=$(mktemp -d "$home/stage.XXXXXX")
  : >"$stage/manifest"
  : >"$stage/actions"
  files
  receive_secrets
  LC_ALL=C sort -o "$stage/manifest" "$stage/manifest"
}

# file MODE ACTION PATH <text
file() {
  mkdir -p "$stage/tree$(dirname "$3")"
  cat >"$stage/tree$3" || fail "could not write $stage/tree$3; nothing was touched"
  chmod "$1" "$stage/tree$3"
  printf '%s %s\n' "$1" "$3" >>"$stage/manifest"
  printf '%s %s\n' "$2" "$3" >>"$stage/actions"
}

# Lines of MODE ACTION PATH BASE64, closed by `end`: input cut short by a dying operator must not pass for a short list.
receive_secrets() {
  while read -r mode action path text; do
    [ "$mode" != end ] || return 0
    printf '%s' "$text" | base64 -d >"$stage/secret" || fail "could not write $stage/secret; nothing was touched"
    file "$mode" "$action" "$path" <"$stage/secret"
  done
  fail "the secrets on standard input ended early; nothing was touched, run pulumi up again"
}
