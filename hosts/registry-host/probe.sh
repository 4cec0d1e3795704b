# Pushes a tiny image into the registry without the proxy. Nodes pull this image to prove that they can pull. It has one
# empty layer, for every architecture that Kubernetes nodes have.
probe_architectures="amd64 arm64 arm ppc64le s390x riscv64"

push_probe() {
  say "putting $probe_repository:1 into the registry"
  probe=$stage/probe
  probe_url=http://$registry_address/v2/$probe_repository
  mkdir -p "$probe"
  head -c 1024 /dev/zero >"$probe/layer"
  push_blob layer
  : >"$probe/manifests"
  for architecture in $probe_architectures; do
    printf '{"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["%s"]}}' \
      "$architecture" "$(digest layer)" >"$probe/config"
    push_blob config
    printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}' "$oci.manifest.v1+json" \
      "$(descriptor "$oci.config.v1+json" config)" "$(descriptor "$oci.layer.v1.tar" layer)" >"$probe/manifest"
    push_manifest "$(digest manifest)" "$oci.manifest.v1+json" manifest
    printf '%s,"platform":{"architecture":"%s","os":"linux"}}\n' \
      "$(descriptor "$oci.manifest.v1+json" manifest | sed 's/}$//')" "$architecture" >>"$probe/manifests"
  done
  printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s]}' "$oci.index.v1+json" "$(paste -s -d , "$probe/manifests")" >"$probe/index"
  push_manifest 1 "$oci.index.v1+json" index
}

oci=application/vnd.oci.image

digest() { printf 'sha256:%s' "$(sha256sum "$probe/$1" | cut -d ' ' -f 1)"; }

descriptor() { printf '{"mediaType":"%s","digest":"%s","size":%s}' "$1" "$(digest "$2")" "$(wc -c <"$probe/$2")"; }

push_blob() {
  ! curl -fs --max-time 10 -o /dev/null -I "$probe_url/blobs/$(digest "$1")" || return 0
  location=$(curl -sS --max-time 10 -o /dev/null -D - -X POST "$probe_url/blobs/uploads/" | sed -n 's/^[Ll]ocation: *//p' | tr -d '\r')
  put "http://$registry_address$location&digest=$(digest "$1")" application/octet-stream "$1"
}

push_manifest() { put "$probe_url/manifests/$1" "$2" "$3"; }

put() {
  curl -fsS --max-time 30 -o /dev/null -X PUT -H "Content-Type: $2" --data-binary "@$probe/$3" "$1" >"$stage/answer" 2>&1 ||
    fail "the image that nodes are to pull cannot be pushed into $probe_repository: $(cat "$stage/answer"); see the registry's log, or use verify: ping with every node"
}
