# A run of the backup makes three snapshots with one time: `proxy`, then `repositories`, then `blobs`. A push writes in the
# other order, so whatever a link of `repositories` names is in `blobs`.

# Prints "RUN PART ID TAGS" for each snapshot of the registry. TAGS is how many image tags the registry had, or "-" where the
# backup is of a version that did not count them.
snapshots() {
  restic snapshots --json --tag container-registry >"$lists/snapshots" 2>"$lists/said" ||
    fail "restic cannot list the backups: $(tail -n 3 "$lists/said")"
  grep -oE '"tags":\[[^]]*\]|"short_id":"[0-9a-f]+"' "$lists/snapshots" | awk -F'"' '
    $2 == "tags" { run = part = ""; tags = "-"; for (i = 4; i < NF; i += 2) if ($i ~ /^run-/) run = $i; else if ($i ~ /^tags-/) tags = substr($i, 6); else if ($i != "container-registry") part = $i }
    $2 == "short_id" { print run, part, $4, tags }
  '
}

# Prints a line "TIME REPOSITORIES BLOBS PROXY TAGS" for each complete backup run, the newest first. The three in the middle are
# the ids of the run's snapshots; PROXY is "-" where a run has none.
complete_runs() {
  snapshots | awk '
    { id[$1, $2] = $3; runs[$1] = 1; tags[$1] = $4 }
    END { for (run in runs) if ((run, "repositories") in id && (run, "blobs") in id) print substr(run, 5), id[run, "repositories"], id[run, "blobs"], ((run, "proxy") in id ? id[run, "proxy"] : "-"), tags[run] }
  ' | sort -r
}

# Deletes the snapshots of runs that were interrupted. Their data is used again by the next run, since restic deletes it only
# when it prunes.
forget_incomplete() {
  snapshots >"$lists/all" || exit 1
  awk '{ runs[$1] = runs[$1] " " $3 } $2 == "blobs" { complete[$1] = 1 } END { for (run in runs) if (!complete[run]) print runs[run] }' \
    "$lists/all" | xargs -r -n 50 >"$lists/incomplete"
  while read -r ids; do
    # shellcheck disable=SC2086 # a list of ids
    restic forget $ids >/dev/null 2>"$lists/said" || fail "restic cannot delete an interrupted backup: $(last_words)"
  done <"$lists/incomplete"
}
