import { outcome, secretInput } from "./outcome.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Pulls and pushes with curl as an operator uses it: with Basic authentication and without a token. */
export const curl: RegistryClient = {
  pull: async (machine, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${request}
         accept="application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
         request --header "Accept: $accept" "$url/manifests/$tag"
         mv "$work/answer" "$work/manifest"
         for digest in $(grep -o 'sha256:[0-9a-f]\\{64\\}' "$work/manifest" | sort -u); do
           request "$url/blobs/$digest"
           echo "\${digest#sha256:}  $work/answer" | sha256sum --check --quiet
         done
         echo "sha256:$(sha256sum "$work/manifest" | cut -d ' ' -f 1)"`,
        { args: [reference], input: secretInput(credentials) },
      ),
    ),
  push: async (machine, archive, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${request}
         skopeo copy --quiet docker-archive:"$2" dir:"$work/image"
         for digest in $(grep -o 'sha256:[0-9a-f]\\{64\\}' "$work/image/manifest.json" | sort -u); do
           request --request POST --dump-header "$work/headers" "$url/blobs/uploads/"
           location=$(tr -d '\\r' <"$work/headers" | sed -n 's/^location: //ip')
           case $location in /*) location="$scheme://\${1%%/*}$location" ;; esac
           case $location in *\\?*) location="$location&digest=$digest" ;; *) location="$location?digest=$digest" ;; esac
           request --upload-file "$work/image/\${digest#sha256:}" --header "Content-Type: application/octet-stream" "$location"
         done
         type=$(sed -n 's/.*"mediaType": *"\\([^"]*manifest[^"]*\\)".*/\\1/p' "$work/image/manifest.json" | head -n 1)
         request --upload-file "$work/image/manifest.json" --header "Content-Type: $type" "$url/manifests/$tag"
         echo "sha256:$(sha256sum "$work/image/manifest.json" | cut -d ' ' -f 1)"`,
        { args: [reference, archive], input: secretInput(credentials), timeoutSeconds: 300 },
      ),
    ),
};

const request = `
  work="$(mktemp -d)"
  umask 077
  : >"$work/config"
  if read -r name && IFS= read -r password; then
    printf 'user = "%s"\\n' "$(printf '%s:%s' "$name" "$password" | sed 's/[\\\\"]/\\\\&/g')" >"$work/config"
  fi
  request() {
    curl --silent --show-error --fail-with-body --config "$work/config" --output "$work/answer" "$@" || {
      cat "$work/answer" >&2
      return 1
    }
  }
  tag="\${1##*:}"
  path="\${1#*/}"
  scheme=https
  grep --quiet '^server = "http://' /etc/containerd/certs.d/"\${1%%/*}"/hosts.toml && scheme=http
  url="$scheme://\${1%%/*}/v2/\${path%:*}"`;
