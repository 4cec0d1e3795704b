# restore TIME PATTERN: adds what the live storage lacks, or has damaged, from the newest backup until TIME, for repositories
# whose whole name matches the extended regular expression. Either may be empty. Blobs come first and are re-hashed before they
# are moved into their place, and links last, so nothing is served that is not whole. Prints problems that are left, and a
# summary as JSON. The exit status is 4 if problems are left.
restore() {
  umask 022
  take_locks
  now=$(date +%s)
  require_repository exists
  complete_runs | awk -v until="$1" 'until == "" || $1 <= until' >"$lists/runs"
  read -r run repositories _ proxy <"$lists/runs" ||
    fail "there is no complete backup at $repository${1:+ from $(time_of_run "$1") or before}; which there are: restic snapshots"
  say "restoring from the backup of $(time_of_run "$run")"
  install -d -m 0700 "$scratch"
  mkdir -p "$storage/$tree/blobs/sha256" "$storage/$tree/repositories"
  list_links "$repositories" "$2" >"$lists/wanted_links"
  [ -s "$lists/wanted_links" ] || [ -z "$2" ] || fail "no repository in the backup of $(time_of_run "$run") matches $2"
  list_lacking_blobs
  restored_blobs=0
  while [ -s "$lists/lacking" ] && read -r from _ blobs _; do
    restore_blobs </dev/null
  done <"$lists/runs"
  restored_links=0
  restore_links
  [ -n "$2" ] || [ "$proxy" = - ] || restore_certificates
  say "checking the live storage"
  check_storage "$storage" | in_repositories "$2" | sed 's/^/live	/' >"$lists/problems"
  report_problems
  printf '{"backup":"%s","blobs":%s,"links":%s,"seconds":%s,"problems":%s}\n' \
    "$(time_of_run "$run")" "$restored_blobs" "$restored_links" $(($(date +%s) - now)) "$problems"
  [ "$problems" -eq 0 ] || exit 4
}

# list_links SNAPSHOT PATTERN: prints "ORDER REPOSITORY PATH", in the order in which a push writes: layers, manifests, tags.
list_links() {
  restic ls "$1" 2>"$lists/said" >"$lists/files" || fail "restic cannot list the backup: $(tail -n 3 "$lists/said")"
  sed -n "s|^/$tree/repositories/\(.*/link\)$|\1|p" "$lists/files" | pattern=$2 awk '
    {
      layers = index($0, "/_layers/")
      repository = substr($0, 1, (layers ? layers : index($0, "/_manifests/")) - 1)
      if (ENVIRON["pattern"] != "" && repository !~ "^(" ENVIRON["pattern"] ")$") next
      print (layers ? 1 : /\/revisions\// ? 2 : /\/current\/link$/ ? 4 : 3), repository, $0
    }
  '
}

# Writes $lists/lacking: the blobs that the links name, and that the live storage lacks or has damaged.
list_lacking_blobs() {
  say "checking which blobs the live storage lacks"
  awk '$1 <= 2 { n = split($3, part, "/"); if (!seen[part[n - 1]]++) print part[n - 1] }' "$lists/wanted_links" >"$lists/needed"
  awk '{ print substr($1, 1, 2) "/" $1 "/data" }' "$lists/needed" >"$lists/needed_files"
  (cd "$storage/$tree/blobs/sha256" && xargs -r sha256sum <"$lists/needed_files" 2>/dev/null) >"$lists/hashed"
  awk 'NR == FNR { split($2, part, "/"); if (part[2] == $1) whole[$1] = 1; next } !($1 in whole)' "$lists/hashed" "$lists/needed" |
    only_or_all "$lists/hashed" "$lists/needed" >"$lists/lacking"
}

# awk cannot tell an empty first file from the second: where no blob is there at all, every one is lacking.
only_or_all() { if [ -s "$1" ]; then cat; else cat >/dev/null && cat "$2"; fi; }

# Takes lacking blobs from the run's snapshot $blobs. What turns out to be damaged in this backup stays lacking, and is taken
# from an older one.
restore_blobs() {
  restic ls --long "$blobs" >"$lists/files" 2>"$lists/said" || fail "restic cannot list the backup: $(tail -n 3 "$lists/said")"
  awk '
    NR == FNR { lacking[$1] = 1; next }
    /\/data$/ { n = split($NF, part, "/"); if (part[n - 1] in lacking) print part[n - 1], $4; else others = 1 }
    END { if (others) print "others" }
  ' "$lists/lacking" "$lists/files" >"$lists/offered"
  grep -v others "$lists/offered" >"$lists/take" || return 0
  require_room "$(awk '{ sum += $2 } END { printf "%d\n", sum }' "$lists/take")"
  say "restoring $(($(wc -l <"$lists/take"))) blobs from the backup of $(time_of_run "$from")"
  if grep -q others "$lists/offered"; then
    awk -v tree="/$tree" '{ print "--include=" tree "/blobs/sha256/" substr($1, 1, 2) "/" $1 "/data" }' "$lists/take" >"$lists/include"
    fetch "$blobs" "$lists/include"
  else
    fetch "$blobs"
  fi
  (cd "$scratch/$tree/blobs/sha256" && find . -type f -name data -exec sha256sum {} +) |
    awk '{ n = split($2, part, "/"); if (part[n - 1] == $1) print $1, part[n - 2] }' >"$lists/whole"
  while read -r hex first; do
    mkdir -p "$storage/$tree/blobs/sha256/$first/$hex" &&
      mv -f "$scratch/$tree/blobs/sha256/$first/$hex/data" "$storage/$tree/blobs/sha256/$first/$hex/data" ||
      fail "cannot write the blob sha256:$hex to $storage"
    restored_blobs=$((restored_blobs + 1))
  done <"$lists/whole"
  awk 'NR == FNR { lacking[$1] = 1; next } { delete lacking[$1] } END { for (hex in lacking) print hex }' \
    "$lists/lacking" "$lists/whole" >"$lists/left"
  mv "$lists/left" "$lists/lacking"
  rm -rf "${scratch:?}/$tree"
}

# fetch SNAPSHOT [FILE]: restores a snapshot into $scratch, or only what the options in the file include.
fetch() {
  if [ $# -eq 1 ]; then
    restic restore "$1" --target "$scratch" >/dev/null 2>"$lists/said"
  else
    # A function cannot be called by xargs, so its lists of 500 are read back here.
    xargs -n 500 <"$2" >"$lists/chunks"
    while read -r chunk; do
      # shellcheck disable=SC2086 # a list of options
      restic restore "$1" --target "$scratch" $chunk >/dev/null 2>"$lists/said" </dev/null || return 1
    done <"$lists/chunks"
  fi || fail "restic cannot restore $1: $(tail -n 5 "$lists/said")"
}

# Adds links that the live storage lacks or has broken. A link whose blob could not be restored is left out.
restore_links() {
  links_below "$storage" >"$lists/links"
  (cd "$storage/$tree/blobs/sha256" && find . -type f -name data) | awk -F/ '{ print "blob", $(NF - 1) }' >"$lists/present"
  (
    cd "$storage/$tree/repositories" || exit 1
    find . -name _uploads -prune -o -type f -name link -exec grep -aH '' {} +
  ) | sed 's|^\./||' | awk '
    { colon = index($0, ":"); path = substr($0, 1, colon - 1); named = substr($0, colon + 1); n = split(path, part, "/") }
    length(named) == 71 && substr(named, 1, 7) == "sha256:" && substr(named, 8) !~ /[^0-9a-f]/ && (part[n - 2] != "sha256" || part[n - 1] == substr(named, 8)) { print "link", path }
  ' >>"$lists/present"
  awk '
    $1 == "blob" { blob[$2] = 1; next }
    $1 == "link" { live[$2] = 1; next }
    { n = split($3, part, "/") }
    !($3 in live) && (part[n - 2] != "sha256" || part[n - 1] in blob)
  ' "$lists/present" "$lists/wanted_links" | sort -n >"$lists/add"
  [ -s "$lists/add" ] || return 0
  say "restoring $(($(wc -l <"$lists/add"))) links"
  awk -v tree="/$tree" '!seen[$2]++ { print "--include=" tree "/repositories/" $2 "/_layers"; print "--include=" tree "/repositories/" $2 "/_manifests" }' \
    "$lists/add" >"$lists/include"
  if [ "$(wc -l <"$lists/add")" -eq "$(wc -l <"$lists/wanted_links")" ] && [ -z "$(find "$storage/$tree/repositories" -name link | head -n 1)" ]; then
    fetch "$repositories"
  else
    fetch "$repositories" "$lists/include"
  fi
  while read -r order _ path; do
    [ "$order" != 4 ] || names_blob "$scratch/$tree/repositories/$path" || continue
    mkdir -p "$storage/$tree/repositories/${path%/link}" &&
      mv -f "$scratch/$tree/repositories/$path" "$storage/$tree/repositories/$path" || fail "cannot write $path to $storage"
    restored_links=$((restored_links + 1))
  done <"$lists/add"
}

# Whether a tag's link is whole, and the live storage has the manifest that it names.
names_blob() {
  read -r named <"$1" || [ -n "$named" ]
  hex=${named#sha256:}
  [ -n "$hex" ] && [ -f "$storage/$tree/blobs/sha256/$(printf '%.2s' "$hex")/$hex/data" ]
}

# Adds the ACME account and the certificates that this host lacks. The proxy reads them when it next needs one.
restore_certificates() {
  fetch "$proxy"
  mkdir -p "$certificates" && cp -an "$scratch/$(basename "$certificates")/." "$certificates/" || fail "cannot write to $certificates"
}

# Keeps the problems of repositories that match the pattern.
in_repositories() {
  pattern=$1 awk -F'\t' '
    ENVIRON["pattern"] == "" { print; next }
    { count = split($3, names, ","); for (i = 1; i <= count; i++) { sub(/[:@].*/, "", names[i]); if (names[i] ~ "^(" ENVIRON["pattern"] ")$") { print; next } } }
  '
}
