# check_storage ROOT: re-hashes every blob below ROOT, resolves every link and reference, and prints a line for each problem:
# WHAT, the digest or path it concerns, and the images it hurts (REPOSITORY:TAG, or REPOSITORY@DIGEST without a tag, by
# commas), with tabs between.
#
# Clients push and delete meanwhile, and garbage is collected. A push writes links after the blobs that they need, so a link
# counts if it was there before the first blob was read and is there after the last one; and what looks broken is read again.
check_storage() {
  links_below "$1" >"$lists/links_before" || return 1
  hash_blobs "$1" >"$lists/blobs" || return 1
  links_below "$1" >"$lists/links_after" || return 1
  sort "$lists/links_before" "$lists/links_after" | uniq -d >"$lists/links"
  resolve_links "$1" >"$lists/suspects" || return 1
  {
    awk '$1 == "blob" && $3 != "whole" { print $2 }' "$lists/blobs"
    sed -n 's/^missing blob	sha256:\([0-9a-f]*\)	.*/\1/p' "$lists/suspects"
  } >"$lists/again"
  if [ -s "$lists/again" ]; then
    sort -u "$lists/again" | hash_again "$1" >>"$lists/blobs"
    resolve_links "$1"
  else
    cat "$lists/suspects"
  fi
}

# resolve_links ROOT: the problems by what $lists/links and $lists/blobs say. Of a blob that was read twice, the last line counts.
resolve_links() {
  : >"$lists/references"
  # Each manifest is read once, however many repositories have it. A damaged one is not read.
  awk '
    $1 == "blob" { whole[$2] = $3 == "whole" }
    $1 == "revision" && whole[$3] && !seen[$3]++ { print substr($3, 1, 2) "/" $3 "/data" }
  ' "$lists/blobs" "$lists/links" >"$lists/manifests"
  [ ! -s "$lists/manifests" ] ||
    (cd "$1/$tree/blobs/sha256" && xargs awk "$awk_references" <"$lists/manifests") >"$lists/references"
  awk "$awk_problems" "$lists/blobs" "$lists/references" "$lists/links" >"$lists/resolved" || return 1
  sort "$lists/resolved"
}

# links_below ROOT [./REPOSITORY]: prints "layer REPOSITORY DIGEST STATE", "revision REPOSITORY DIGEST STATE" and "tag REPOSITORY DIGEST STATE TAG" for each link.
# STATE is `whole` or `broken`: a truncated link names nothing.
links_below() {
  (
    cd "$1/$tree/repositories" 2>/dev/null || exit 0
    find "${2:-.}" -name _uploads -prune -o -type f -name link -print | sed 's/^/path /'
    find "${2:-.}" -name _uploads -prune -o -type f -name link -exec grep -sH '' {} + | sed 's/^/text /'
  ) | awk "$awk_links"
}
