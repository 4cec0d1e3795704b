import * as pulumi from "@pulumi/pulumi";
import { htpasswdHashes } from "./htpasswd.ts";
import type { ClearSecrets, Secrets } from "./secrets.ts";
import { passwordsIn } from "./shapes.ts";

/**
 * Wraps each value as a Pulumi secret. This function has a file of its own because it imports the Pulumi SDK, which
 * the command line does not load.
 */
export function wrapSecrets({ passwords = "{}", htpasswd = "", ...clear }: ClearSecrets): Secrets {
  const given = Object.entries(passwordsIn(passwords)).map(([name, value]) => [name, pulumi.secret(value)]);
  return {
    ...wrapped(clear),
    passwords: Object.fromEntries(given),
    htpasswd: wrapped(htpasswdHashes(htpasswd)),
  };
}

function wrapped<T extends Record<string, string | undefined>>(clear: T): { [key in keyof T]: pulumi.Output<string> } {
  const entries = Object.entries(clear).map(([key, value]) => [key, pulumi.secret(value)]);
  return Object.fromEntries(entries);
}
