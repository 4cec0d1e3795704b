# Finds what tags need, by reading manifests from the backup, one level of references after the other.

# reach_tags ROOT TAKE: reads the tags of $lists/tags ("REPOSITORY TAG") from the snapshot $repositories, and calls TAKE to
# have the blobs of $lists/needed below ROOT, which leaves those that cannot be had in $lists/lacking. Writes
# "REPOSITORY TAG DIGEST" to $lists/named, "REPOSITORY manifest|blob DIGEST" to $lists/reached, and every blob that cannot be
# had to $lists/absent. Digests are without "sha256:".
reach_tags() {
  : >"$lists/references"
  : >"$lists/absent"
  read_tags
  awk '{ print $1, "manifest", $3 }' "$lists/named" | sort -u >"$lists/reached"
  cp "$lists/reached" "$lists/level"
  while [ -s "$lists/level" ]; do
    awk '{ print $3 }' "$lists/level" | sort -u >"$lists/needed"
    "$2"
    cat "$lists/lacking" >>"$lists/absent"
    awk '$2 == "manifest" { print $3 }' "$lists/level" | sort -u | grep -vxF -f "$lists/lacking" | as_blob_files >"$lists/manifests"
    [ ! -s "$lists/manifests" ] || (cd "$1/$tree/blobs/sha256" && xargs awk "$awk_references" <"$lists/manifests") >>"$lists/references"
    next_level >"$lists/next"
    mv "$lists/next" "$lists/level"
    cat "$lists/level" >>"$lists/reached"
  done
}

# Writes "REPOSITORY TAG DIGEST" to $lists/named for each of $lists/tags whose link is whole.
read_tags() {
  awk -v tree="/$tree" '{ print "--include=" tree "/repositories/" $1 "/_manifests/tags/" $2 "/current" }' "$lists/tags" >"$lists/include"
  fetch "$repositories" "$lists/include"
  while read -r name tag; do
    named=
    read -r named <"$scratch/$tree/repositories/$name/_manifests/tags/$tag/current/link" || :
    printf '%s %s %s\n' "$name" "$tag" "${named#sha256:}"
  done <"$lists/tags" | awk 'length($3) == 64' >"$lists/named"
}

# Prints what the manifests of $lists/level refer to, and nothing that was reached before.
next_level() {
  {
    sed 's/^/seen /' "$lists/reached"
    cat "$lists/references"
    sed 's/^/level /' "$lists/level"
  } | awk '
    $1 == "seen" { seen[$2, $3, $4] = 1 }
    $1 == "reference" { needs[$2] = needs[$2] " " $3 " " $4 }
    $1 == "level" && $3 == "manifest" {
      count = split(needs[$4], list, " ")
      for (i = 1; i < count; i += 2) if (!seen[$2, list[i], list[i + 1]]++) print $2, list[i], list[i + 1]
    }
  '
}

# Keeps the lines of $lists/wanted_links that $lists/named and $lists/reached need: no other tag, and no older manifest of one.
keep_reached_links() {
  {
    sed 's/^/tag /' "$lists/named"
    sed 's/^/reached /' "$lists/reached"
    sed 's/^/link /' "$lists/wanted_links"
  } | awk '
    $1 == "tag" { tag[$2, $3] = $4 }
    $1 == "reached" { reached[$2, $3, $4] = 1 }
    $1 != "link" { next }
    { n = split($4, part, "/"); keep = 0 }
    $2 == 1 { keep = ($3, "blob", part[n - 1]) in reached }
    $2 == 2 { keep = ($3, "manifest", part[n - 1]) in reached }
    $2 == 3 { keep = ($3, part[n - 4]) in tag && tag[$3, part[n - 4]] == part[n - 1] }
    $2 == 4 { keep = ($3, part[n - 2]) in tag }
    keep { print $2, $3, $4 }
  ' >"$lists/kept_links"
  mv "$lists/kept_links" "$lists/wanted_links"
}
