import { z } from "zod";

const keyTypes = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

/**
 * A machine's public SSH key, as in its `/etc/ssh/ssh_host_ed25519_key.pub` or behind the host name in the output of
 * `ssh-keyscan`. It is required, because without it SSH would trust any machine that answers at the address.
 */
export const HostKey = z
  .string()
  .refine((key) => validateHostKey(key) === undefined, { error: ({ input }) => validateHostKey(String(input)) })
  .transform((key) => key.split(" ").slice(0, 2).join(" "))
  .describe("The machine's public SSH key, ed25519 or ecdsa: type and base64, a comment behind them is dropped");

function validateHostKey(text: string): string | undefined {
  const [type = "", base64 = ""] = text.split(" ");
  const example = 'as in "ssh-ed25519 AAAAC3Nz…"';
  if (type === "ssh-rsa" || type === "ssh-dss") return `takes an ed25519 or ecdsa key, ${example}`;
  if (keyTypes.includes(base64)) return `starts with a host name, as ssh-keyscan prints it; leave that out, ${example}`;
  if (!keyTypes.includes(type)) return `the machine's public key with its type in front, ${example}`;
  if (typeInside(base64) !== type)
    return `is cut off or damaged: what follows ${type} is no key of that type; copy it again`;
  return undefined;
}

/**
 * The key type that the base64 part itself holds: four bytes with its length, then its name. Undefined for damaged
 * base64.
 */
function typeInside(base64: string): string | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length < 40 || bytes.toString("base64").replace(/=+$/, "") !== base64.replace(/=+$/, "")) return undefined;
  return bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString("latin1");
}
