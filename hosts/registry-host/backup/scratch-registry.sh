scratch_registry=

# Starts a second distribution, of the registry's own image, over what was restored, and sets $scratch_url.
start_scratch_registry() {
  image=$(docker inspect -f '{{.Image}}' "$(docker compose -f /etc/container-registry/compose.yaml ps -aq registry)") ||
    fail "the registry's container is missing; pulumi up creates it"
  cat >"$scratch/config.yml" <<'CONFIG'
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: /var/lib/registry }, maintenance: { readonly: { enabled: true } } }
http: { addr: ":5000" }
CONFIG
  scratch_registry=$(docker run -d --rm -p 127.0.0.1::5000 -v "$scratch:/var/lib/registry:ro" \
    -v "$scratch/config.yml:/etc/distribution/config.yml:ro" --label container-registry-backup=scratch "$image" 2>"$lists/said") ||
    fail "the scratch registry does not start: $(cat "$lists/said")"
  scratch_url=http://$(docker port "$scratch_registry" 5000 | head -n 1)/v2
  deadline=$(($(date +%s) + 60))
  until curl -fsS -o /dev/null "$scratch_url/" 2>"$lists/said"; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "the scratch registry does not answer: $(cat "$lists/said")"
    sleep 1
  done
}

stop_scratch_registry() { [ -z "$scratch_registry" ] || docker rm -f "$scratch_registry" >/dev/null 2>&1; }

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
    came=$(curl -fsS -H "Accept: application/vnd.oci.image.index.v1+json" -H "Accept: application/vnd.oci.image.manifest.v1+json" \
      -H "Accept: application/vnd.docker.distribution.manifest.list.v2+json" -H "Accept: application/vnd.docker.distribution.manifest.v2+json" \
      "$scratch_url/$repository/$kind/sha256:$hex" 2>/dev/null </dev/null | sha256sum)
    [ "${came%% *}" = "$hex" ] || printf 'cannot be pulled\tsha256:%s\t%s\n' "$hex" "$repository@sha256:$hex"
  done <"$lists/pulls"
}
