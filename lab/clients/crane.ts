import { authFile } from "./auth-file.ts";
import { outcome, secretInput } from "./outcome.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Pulls and pushes with crane. It also represents kaniko and ko in the tests, which use the same library. */
export const crane: RegistryClient = {
  pull: async (machine, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${authFile}
         export DOCKER_CONFIG="$auth"
         crane pull --format oci "$1" "$auth/image"
         sed -n 's/.*"digest":"\\(sha256:[0-9a-f]*\\)".*/\\1/p' "$auth/image/index.json" | grep sha256 || cat "$auth/image/index.json"`,
        { args: [reference], input: secretInput(credentials) },
      ),
    ),
  push: async (machine, archive, reference, credentials) =>
    outcome(
      await machine.attempt(`${authFile}\nDOCKER_CONFIG="$auth" crane push "$2" "$1"`, {
        args: [reference, archive],
        input: secretInput(credentials),
        timeoutSeconds: 300,
      }),
    ),
};
