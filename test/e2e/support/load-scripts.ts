import { authFile } from "../../../lab/clients/auth-file.ts";
import type { Credentials } from "../../../lab/clients/clients.ts";
import { secretInput } from "../../../lab/clients/outcome.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import type { Run } from "./background-load.ts";

/** The credentials from stdin as `DOCKER_CONFIG`, in a folder `$auth` that lasts as long as the script. */
const withCredentials = `${authFile}
  trap 'rm -r "$auth"' EXIT
  export DOCKER_CONFIG="$auth"`;

/** Pushes an image of one new layer as `$1`. Prints its digest. */
export const pushImage = `set -e
  ${withCredentials}
  head --bytes 64K /dev/urandom >"$auth/layer"
  tar --create --file "$auth/layer.tar" --directory "$auth" layer
  timeout 60 crane append --new_layer "$auth/layer.tar" --new_tag "$1" >"$auth/pushed"
  grep -o 'sha256:[0-9a-f]*' "$auth/pushed"`;

/** Uploads a layer to the repository of `$1`, for about four seconds. Prints its digest. */
export const pushSlowly = `set -e
  ${withCredentials}
  printf 'user = "%s:%s"\\n' "$name" "$password" >"$auth/curl"
  head --bytes 1M /dev/urandom >"$auth/layer"
  digest=sha256:$(sha256sum "$auth/layer" | cut -d ' ' -f 1)
  path=\${1#*/}
  ask() { curl --silent --show-error --fail-with-body --max-time 60 --config "$auth/curl" "$@"; }
  ask --request POST --dump-header "$auth/headers" "https://\${1%%/*}/v2/\${path%:*}/blobs/uploads/"
  location=$(tr -d '\\r' <"$auth/headers" | sed -n 's/^location: //ip')
  case $location in /*) location=https://\${1%%/*}$location ;; esac
  ask --limit-rate 300K --upload-file "$auth/layer" --header 'Content-Type: application/octet-stream' "$location&digest=$digest"
  echo "$digest"`;

/**
 * Pushes the manifest of `$1` with a newline more, so another one, as the tag `$2`. Its second half is sent when the file `$3/go`
 * is there; `$3/begun` appears when the registry has begun to read the first. Prints the manifest's digest.
 */
export const pushInHalves = `set -e
  ${withCredentials}
  printf 'user = "%s:%s"\\n' "$name" "$password" >"$auth/curl"
  mkdir -p "$3"
  { crane manifest "$1" && echo; } >"$auth/manifest"
  type=$(grep -o '"mediaType": *"[^"]*"' "$auth/manifest" | head -n 1 | cut -d '"' -f 4)
  half=$(($(wc -c <"$auth/manifest") / 2))
  path=\${1#*/}
  {
    head --bytes "$half" "$auth/manifest"
    until [ -e "$3/go" ]; do
      ! grep -q '^< HTTP/1.1 100 Continue' "$auth/trace" || touch "$3/begun"
      sleep 0.2
    done
    tail --bytes "+$((half + 1))" "$auth/manifest"
  } | curl --silent --show-error --verbose --fail-with-body --config "$auth/curl" --upload-file - --header 'Expect: 100-continue' \\
    --header "Content-Type: $type" \\
    "https://\${1%%/*}/v2/\${path%:*}/manifests/$2" 2>"$auth/trace" || { cat "$auth/trace"; exit 1; }
  echo "sha256:$(sha256sum "$auth/manifest" | cut -d ' ' -f 1)"`;

/** Pulls `$1`. */
export const pullImage = `set -e
  ${withCredentials}
  timeout 60 crane pull "$1" "$auth/image.tar"`;

/** What was acknowledged: a reference and the digest that the client was given. */
export type Acknowledged = Pick<Run, "reference" | "said">;

/** The references of pushed images that do not lead to the same image now, whole, one a line. */
export function lostImages(
  client: Machine,
  pushed: readonly Acknowledged[],
  credentials?: Credentials,
): Promise<string> {
  return lost(client, pushed, credentials, '[ "$(crane digest "$0")" = "$1" ] && crane validate --remote "$0"');
}

/** The digests of uploaded layers that cannot be pulled now, one a line. */
export function lostLayers(
  client: Machine,
  pushed: readonly Acknowledged[],
  credentials?: Credentials,
): Promise<string> {
  return lost(
    client,
    pushed,
    credentials,
    `[ "sha256:$(crane blob "\${0%:*}@$1" | sha256sum | cut -d " " -f 1)" = "$1" ]`,
  );
}

function lost(
  client: Machine,
  pushed: readonly Acknowledged[],
  credentials: Credentials | undefined,
  isThere: string,
): Promise<string> {
  const script = `${withCredentials}
    printf '%s\\n' "$@" | xargs -n 2 -P 4 sh -c '{ ${isThere}; } >/dev/null 2>&1 || echo "$0 $1"'`;
  return client.run(script, {
    args: pushed.flatMap(({ reference, said }) => [reference, said]),
    input: secretInput(credentials),
  });
}
