import { authFile } from "./auth-file.ts";
import { outcome, secretInput } from "./outcome.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Pulls and pushes with skopeo. It also represents podman, buildah and CRI-O in the tests, which use the same library. */
export const skopeo: RegistryClient = {
  pull: async (machine, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${authFile}
         skopeo copy --quiet --preserve-digests --authfile "$auth/config.json" docker://"$1" dir:"$auth/image"
         skopeo manifest-digest "$auth/image/manifest.json"`,
        { args: [reference], input: secretInput(credentials) },
      ),
    ),
  push: async (machine, archive, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${authFile}
         skopeo copy --quiet --authfile "$auth/config.json" --digestfile "$auth/digest" docker-archive:"$2" docker://"$1"
         cat "$auth/digest"`,
        { args: [reference, archive], input: secretInput(credentials), timeoutSeconds: 300 },
      ),
    ),
};
