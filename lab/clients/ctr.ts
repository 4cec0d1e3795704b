import { outcome, secretInput } from "./outcome.ts";
import type { RegistryClient } from "./registry-client.ts";

/**
 * Pulls and pushes with containerd's client ctr, as on a Kubernetes node. ctr has no login: each command is given the
 * credentials.
 */
export const ctr: RegistryClient = {
  pull: async (machine, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${hidden}
         ctr images rm --sync "$1" >/dev/null 2>&1 || :
         hidden pull "$1"
         ctr images list "name==$1"`,
        { args: [reference], input: secretInput(credentials) },
      ),
    ),
  push: async (machine, archive, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${hidden}
         imported=$(ctr images import "$2" | sed -n 's/^unpacking \\(.*\\) (sha256.*/\\1/p')
         ctr images tag --force "$imported" "$1" >/dev/null
         hidden push "$1"
         ctr images list "name==$1"
         ctr images rm --sync "$imported" "$1" >/dev/null`,
        { args: [reference, archive], input: secretInput(credentials), timeoutSeconds: 300 },
      ),
    ),
};

/** ctr reads a password from an argument or a terminal; `script` provides the terminal, so that no process list shows it. */
const hidden = `
  hidden() {
    if [ -z "\${name-}" ]; then ctr images "$1" --hosts-dir /etc/containerd/certs.d "$2"; return; fi
    printf '%s\\n' "$password" | script --quiet --return --echo never \\
      --command "ctr images $1 --hosts-dir /etc/containerd/certs.d --user '$name' '$2'" /dev/null
  }
  if read -r name; then IFS= read -r password; fi`;
