import { namespace } from "../../settings/namespace.ts";
import type { SecretName } from "../../settings/secrets/secrets.ts";

/** The commands that a new stack still needs. */
export function nextSteps(secrets: readonly SecretName[]): string[] {
  return [
    ...secrets.map((secret) => `pulumi config set --secret ${namespace}${secret} < ${secretFile}`),
    "pulumi preview --diff",
    "pulumi up",
  ];
}

/** The key that the documentation has people make. A new stack needs no other secret. */
const secretFile = "~/.ssh/registry_ed25519";
