import { outcome, secretInput } from "./outcome.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Pulls and pushes with docker as on a developer's machine: `docker login` comes first. */
export const docker: RegistryClient = {
  pull: async (machine, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${login}
         docker image rm --force "$1" >/dev/null 2>&1 || :
         docker pull --quiet "$1" >/dev/null
         docker image inspect --format '{{index .RepoDigests 0}}' "$1"`,
        { args: [reference], input: secretInput(credentials) },
      ),
    ),
  push: async (machine, archive, reference, credentials) =>
    outcome(
      await machine.attempt(
        `${login}
         loaded=$(docker load --input "$2" | sed -n 's/^Loaded image: //p')
         docker tag "$loaded" "$1"
         docker push "$1"
         docker image rm --force "$1" "$loaded" >/dev/null`,
        { args: [reference, archive], input: secretInput(credentials), timeoutSeconds: 300 },
      ),
    ),
};

const login = `
  export DOCKER_CONFIG="$(mktemp -d)"
  if read -r name; then docker login --username "$name" --password-stdin "\${1%%/*}" >/dev/null; fi`;
