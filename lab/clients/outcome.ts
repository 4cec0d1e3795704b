import type { Attempt } from "../hosts/machine.ts";
import type { Outcome } from "./registry-client.ts";

/** A client script prints the manifest's digest, `sha256:…`, last. */
export function outcome({ ok, stdout, output }: Attempt): Outcome {
  if (!ok) return { ok: false, output };
  const digest = stdout.match(/sha256:[0-9a-f]{64}/g)?.at(-1);
  return digest === undefined ? { ok: false, output: `no digest in: ${output}` } : { ok: true, digest };
}

/** What goes to stdin: never an argument, which every user of the machine can read. Empty for an anonymous call. */
export function secretInput(credentials: { name: string; password: string } | undefined): string {
  return credentials === undefined ? "" : `${credentials.name}\n${credentials.password}\n`;
}
