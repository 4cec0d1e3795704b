import type { Attempt } from "../hosts/machine.ts";
import type { Outcome } from "./registry-client.ts";

/** Turns a client script's output into an outcome. The last `sha256:…` that the script prints is the manifest's digest. */
export function outcome({ ok, stdout, output }: Attempt): Outcome {
  if (!ok) return { ok: false, output };
  const digest = stdout.match(/sha256:[0-9a-f]{64}/g)?.at(-1);
  return digest === undefined ? { ok: false, output: `no digest in: ${output}` } : { ok: true, digest };
}

/**
 * The credentials as a client script reads them from stdin; empty for an anonymous call. They are never passed as arguments,
 * because every user of the machine can read those.
 */
export function secretInput(credentials: { name: string; password: string } | undefined): string {
  return credentials === undefined ? "" : `${credentials.name}\n${credentials.password}\n`;
}
