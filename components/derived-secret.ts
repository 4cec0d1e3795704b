import { createHmac } from "node:crypto";

/**
 * A secret for one purpose, 43 letters, digits, `-` and `_`: the same while key and purpose are. One stored key serves
 * many purposes, and none of them tells another.
 */
export function derivedSecret(key: string, purpose: string): string {
  return createHmac("sha256", key).update(purpose).digest("base64url");
}
