import { createHmac } from "node:crypto";

/**
 * Derives a secret for one purpose from a stored key: 43 characters of letters, digits, `-` and `_`. The same key and
 * purpose give the same secret. A secret reveals neither the key nor the secret of another purpose.
 */
export function derivedSecret(key: string, purpose: string): string {
  return createHmac("sha256", key).update(purpose).digest("base64url");
}
