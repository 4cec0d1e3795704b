# What a client says that it understands.
accepted="Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json"

# Waits until the scratch registry answers.
scratch_registry_answers() {
  deadline=$(($(date +%s) + 60))
  until from_scratch_registry >/dev/null 2>"$lists/said"; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "the scratch registry does not answer: $(cat "$lists/said")"
    sleep 1
  done
}

# scratch_config FOLDER [ADDRESS]: the configuration of a registry that serves what was restored, read-only, at the address or at all.
scratch_config() {
  cat <<CONFIG
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $1 }, maintenance: { readonly: { enabled: true } } }
http: { addr: "${2:-}:5000" }
CONFIG
}

# Pulls every manifest of $lists/links from the scratch registry by its digest, and everything it refers to, and lists them in
# $lists/pulls. Prints a problem for whatever comes back as something else, or not at all.
pull_by_digest() {
  awk '
    $1 == "reference" { if ($3 == "blob") needs[$2] = needs[$2] " " $4; next }
    $1 == "revision" && !seen[$3]++ {
      print "manifests", $2, $3
      count = split(needs[$3], list, " ")
      for (i = 1; i <= count; i++) if (!seen[list[i]]++) print "blobs", $2, list[i]
    }
  ' "$lists/references" "$lists/links" >"$lists/pulls"
  while read -r kind repository hex; do
    came=$(from_scratch_registry "$repository/$kind/sha256:$hex" 2>/dev/null </dev/null | sha256sum)
    [ "${came%% *}" = "$hex" ] || printf 'cannot be pulled\tsha256:%s\t%s\n' "$hex" "$repository@sha256:$hex"
  done <"$lists/pulls"
}
