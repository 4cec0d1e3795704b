# check_storage ROOT: re-hashes every blob below ROOT, resolves every link and reference, and prints a line for each problem:
# WHAT, the digest or path it concerns, and the images it hurts (REPOSITORY:TAG, or REPOSITORY@DIGEST without a tag, by
# commas), with tabs between.
check_storage() {
  (cd "$1/$tree/blobs/sha256" 2>/dev/null && find . -type f -name data -exec sha256sum {} +) |
    awk '{ n = split($2, part, "/"); print "blob", part[n - 1], (part[n - 1] == $1 ? "whole" : "damaged") }' >"$lists/blobs"
  links_below "$1" >"$lists/links"
  : >"$lists/references"
  # Each manifest is read once, however many repositories have it. A damaged one is not read.
  awk '$1 == "blob" && $3 == "whole" { whole[$2] = 1 } $1 == "revision" && whole[$3] && !seen[$3]++ { print substr($3, 1, 2) "/" $3 "/data" }' \
    "$lists/blobs" "$lists/links" >"$lists/manifests"
  [ ! -s "$lists/manifests" ] || (cd "$1/$tree/blobs/sha256" && xargs awk "$awk_references" <"$lists/manifests") >"$lists/references"
  awk "$awk_problems" "$lists/blobs" "$lists/references" "$lists/links" | sort
}

# links_below ROOT [./REPOSITORY]: prints "layer REPOSITORY DIGEST STATE", "revision REPOSITORY DIGEST STATE" and "tag REPOSITORY DIGEST STATE TAG" for each link.
# STATE is `whole` or `broken`: a truncated link names nothing.
links_below() {
  (
    cd "$1/$tree/repositories" 2>/dev/null || exit 0
    find "${2:-.}" -name _uploads -prune -o -type f -name link -print | sed 's/^/path /'
    find "${2:-.}" -name _uploads -prune -o -type f -name link -exec grep -H '' {} + | sed 's/^/text /'
  ) | awk "$awk_links"
}
