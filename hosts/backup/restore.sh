# restore TIME PATTERN TAG: adds what the live storage lacks, or has damaged, from the newest backup until TIME, for repositories
# whose whole name matches the extended regular expression; with a tag, that tag of the one repository that matches, also where
# the live tag names another manifest by now. Each may be empty. Blobs come first and are re-hashed before they are moved into
# their place, and links last, so nothing is served that is not whole. Prints problems that are left, and a summary as JSON. The
# exit status is 4 if problems are left.
restore() {
  umask 022
  take_locks
  now=$(date +%s)
  require_repository exists
  complete_runs | awk -v until="$1" 'until == "" || $1 <= until' >"$lists/runs"
  read -r run repositories _ proxy _ <"$lists/runs" ||
    fail "there is no complete backup at $repository${1:+ from $(time_of_run "$1") or before}; which there are: restic snapshots"
  say "restoring from the backup of $(time_of_run "$run")"
  install -d -m 0700 "$scratch"
  mkdir -p "$storage/$tree/blobs/sha256" "$storage/$tree/repositories"
  list_links "$repositories" "$2" >"$lists/wanted_links"
  [ -s "$lists/wanted_links" ] || [ -z "$2" ] || fail "no repository in the backup of $(time_of_run "$run") matches $2"
  fuller=null
  [ -n "$1$2" ] || compare_with_older
  restored_blobs=0
  replaced=
  if [ -n "$3" ]; then
    choose_tag "$3"
  else
    awk '$1 <= 2 { n = split($3, part, "/"); if (!seen[part[n - 1]]++) print part[n - 1] }' "$lists/wanted_links" >"$lists/needed"
    restore_needed
  fi
  restored_links=0
  restore_links
  [ -n "$2" ] || [ "$proxy" = - ] || restore_certificates
  say "checking ${3:+what was restored in }the live storage"
  if [ -n "$3" ]; then check_reached; else check_storage "$storage" | in_repositories "$2"; fi | sed 's/^/live	/' >"$lists/problems"
  report_problems
  printf '{"backup":"%s","blobs":%s,"links":%s,"seconds":%s,"fuller":%s,"problems":%s}\n' \
    "$(time_of_run "$run")" "$restored_blobs" "$restored_links" $(($(date +%s) - now)) "$fuller" "$problems"
  [ "$problems" -eq 0 ] || exit 4
}

# The newest backup may have been made after the images were lost. Sets $fuller to the newest of the backups with the most tags,
# if it has more than twice as many. Refuses a backup that has none: it would restore nothing, and say that all is well.
compare_with_older() {
  tags=$(grep -c '^4 ' "$lists/wanted_links")
  awk -v tags="$tags" '$5 != "-" && $5 > most { most = $5; run = $1 } END { if (most > 2 * tags) print run, most }' "$lists/runs" >"$lists/fuller"
  if read -r fuller_run most <"$lists/fuller"; then
    fuller="{\"backup\":\"$(time_of_run "$fuller_run")\",\"tags\":$most,\"insteadOf\":$tags}"
    [ "$tags" -gt 0 ] || fail "the newest backup, of $(time_of_run "$run"), has no image; the backup of $(time_of_run "$fuller_run") has $most tags: registry restore --at $(time_of_run "$fuller_run")"
  elif [ "$tags" -eq 0 ] && [ "$(wc -l <"$lists/runs")" -gt 1 ]; then
    fail "the newest backup, of $(time_of_run "$run"), has no image; to take one from before the images were lost: registry restore --at TIME"
  fi
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

# Adds links that the live storage lacks or has broken. A link whose blob could not be restored is left out.
restore_links() {
  (cd "$storage/$tree/blobs/sha256" && find . -type f -name data) | awk -F/ '{ print "blob", $(NF - 1) }' >"$lists/present"
  (
    cd "$storage/$tree/repositories" || exit 1
    find . -name _uploads -prune -o -type f -name link -exec grep -H '' {} +
  ) | sed 's|^\./||' | awk '
    { colon = index($0, ":"); path = substr($0, 1, colon - 1); named = substr($0, colon + 1); n = split(path, part, "/") }
    length(named) == 71 && substr(named, 1, 7) == "sha256:" && substr(named, 8) !~ /[^0-9a-f]/ && (part[n - 2] != "sha256" || part[n - 1] == substr(named, 8)) { print "link", path }
  ' >>"$lists/present"
  awk -v replaced="$replaced" '
    $1 == "blob" { blob[$2] = 1; next }
    $1 == "link" { if ($2 != replaced) live[$2] = 1; next }
    { n = split($3, part, "/") }
    !($3 in live) && (part[n - 2] != "sha256" || part[n - 1] in blob)
  ' "$lists/present" "$lists/wanted_links" | sort -n >"$lists/add"
  [ -s "$lists/add" ] || return 0
  say "restoring $(($(wc -l <"$lists/add"))) links"
  if [ "$(wc -l <"$lists/add")" -le 500 ]; then
    awk -v tree="/$tree" '{ print "--include=" tree "/repositories/" $3 }' "$lists/add" >"$lists/include"
    fetch "$repositories" "$lists/include"
  elif [ "$(wc -l <"$lists/add")" -eq "$(wc -l <"$lists/wanted_links")" ] && [ -z "$(find "$storage/$tree/repositories" -name link | head -n 1)" ]; then
    fetch "$repositories"
  else
    awk -v tree="/$tree" '!seen[$2]++ { print "--include=" tree "/repositories/" $2 "/_layers"; print "--include=" tree "/repositories/" $2 "/_manifests" }' \
      "$lists/add" >"$lists/include"
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
