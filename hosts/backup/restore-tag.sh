# choose_tag TAG: restores the blobs of that tag of the one repository in $lists/wanted_links, and of the signatures, SBOMs and
# attestations that refer to it by tags like sha256-HEX.sig and that the live storage lacks, and narrows $lists/wanted_links to
# them. If no backup has the whole image, it fails before anything is visible.
choose_tag() {
  chosen=$(awk '{ print $2; exit }' "$lists/wanted_links")
  awk -v tag="$1" '$1 == 4 && $3 == $2 "/_manifests/tags/" tag "/current/link" { print $2, tag }' "$lists/wanted_links" >"$lists/tags"
  [ -s "$lists/tags" ] || fail "the backup of $(time_of_run "$run") has no $chosen:$1; --at takes an older one"
  for each in named reached references tried; do : >"$lists/all.$each"; done
  reach_tags "$storage" restore_needed
  [ -s "$lists/named" ] || fail "the backup of $(time_of_run "$run") has a broken link of $chosen:$1; --at takes an older one"
  [ ! -s "$lists/absent" ] ||
    fail "cannot restore $chosen:$1, since no backup has the whole image: its blob sha256:$(head -n 1 "$lists/absent") is missing or damaged in all of them; the tag is as it was"
  accept_reached
  while referring_tags >"$lists/referring" && [ -s "$lists/referring" ]; do
    cat "$lists/referring" >>"$lists/all.tried"
    while read -r line; do
      echo "$line" >"$lists/tags"
      reach_tags "$storage" restore_needed </dev/null
      if [ -s "$lists/named" ] && [ ! -s "$lists/absent" ]; then accept_reached; else say "no backup has all of $(echo "$line" | tr ' ' :), so it is left out"; fi
    done <"$lists/referring"
  done
  for each in named reached references; do mv "$lists/all.$each" "$lists/$each"; done
  keep_reached_links
  find_replaced "$1"
}

accept_reached() { for each in named reached references; do cat "$lists/$each" >>"$lists/all.$each"; done; }

# Prints "REPOSITORY TAG" for the tags of the backup that refer to what was reached, and that the live storage lacks.
referring_tags() {
  {
    sed 's/^/reached /' "$lists/all.reached"
    sed 's/^/tried /' "$lists/all.tried"
    sed 's/^/link /' "$lists/wanted_links"
  } | awk '
    $1 == "reached" && $3 == "manifest" { reached[$4] = 1 }
    $1 == "tried" { tried[$3] = 1 }
    $1 == "link" && $2 == 4 {
      n = split($4, part, "/"); tag = part[n - 2]
      if (tag ~ /^sha256-/ && (substr(tag, 8, 64) in reached) && !(tag in tried)) print $3, tag
    }
  ' | while read -r name tag; do
    [ -e "$storage/$tree/repositories/$name/_manifests/tags/$tag/current/link" ] || echo "$name $tag"
  done
}

# Sets $replaced to the live tag's link if it names another manifest than the backup's.
find_replaced() {
  link=$chosen/_manifests/tags/$1/current/link
  live=$(cat "$storage/$tree/repositories/$link" 2>/dev/null)
  [ -z "$live" ] || [ "$live" = "sha256:$(awk 'NR == 1 { print $3 }' "$lists/named")" ] || {
    replaced=$link
    say "$chosen:$1 named $live, which stays in the registry under its digest"
  }
}

# Prints the problems that the live storage has with what was reached. Its blobs were hashed before their links were written.
check_reached() {
  sed 's/^[^ ]* [^ ]*/blob/; s/$/ whole/' "$lists/reached" >"$lists/blobs"
  {
    sed 's/^/named /' "$lists/named"
    sed 's/^/reached /' "$lists/reached"
    links_below "$storage" "./$chosen"
  } | awk '
    $1 == "named" { named[$2, $3] = $4 }
    $1 == "reached" { reached[$2, $4] = 1 }
    $1 == "tag" && named[$2, $5] == $3
    ($1 == "layer" || $1 == "revision") && ($2, $3) in reached
  ' >"$lists/links"
  awk "$awk_problems" "$lists/blobs" "$lists/references" "$lists/links" | sort
}
