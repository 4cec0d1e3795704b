import { block, type Line } from "../caddy/block.ts";
import { unknownAccount } from "./caddy-names.ts";

/**
 * A bcrypt hash that no password has: the last character of a real one has two bits that are always zero.
 * @see golang.org/x/crypto/bcrypt: 23 bytes in 31 characters of six bits
 */
const noHash = `${".".repeat(22)}${".".repeat(30)}/`;

/** bcrypt's cost where no account has a hash. */
const defaultCost = "$2b$10$";

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Directives before basic_auth that make checking an unknown name as slow as checking an account's. basic_auth itself
 * hashes at sixteen times our cost for unknown names, and that time would tell which accounts exist. So these
 * directives replace every unknown name by one fixed account, whose hash has our cost. They put that name and a colon
 * before the base64 text, which works without decoding it, since they are nine bytes.
 */
export function renameUnknown(names: readonly string[]): readonly Line[] {
  const known = names.map(beginning).join("|");
  return [
    block("@unknown", [
      `vars_regexp basic ${header} "(?i)^basic ([A-Za-z0-9+/=]*)"`,
      ...(names.length === 0 ? [] : [`not vars_regexp ${header} "(?i)^basic (?-i:${known})"`]),
    ]),
    `request_header @unknown Authorization "Basic ${btoa(`${unknownAccount}:`)}{re.basic.1}"`,
  ];
}

// The first Authorization header, which is the one that basic_auth reads. Caddy's header matcher would match any of
// several.
const header = "{http.request.header.Authorization}";

/**
 * The line of basic_auth for unknown names. Checking it takes as long as checking an account with one of these hashes.
 */
export function unknownAccountLine(hashes: readonly string[]): string {
  return `"${unknownAccount}" "${hashes[0]?.slice(0, defaultCost.length) ?? defaultCost}${noHash}"`;
}

/** A regular expression for the beginning of the base64 text of `name:password`, whatever the password. */
function beginning(name: string): string {
  const bytes = Buffer.from(`${name}:`);
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const characters = bits.match(/.{1,6}/g) ?? [];
  return characters.map((known) => charactersThatBegin(known)).join("");
}

function charactersThatBegin(bits: string): string {
  const matching = [...base64].filter((_, value) => value.toString(2).padStart(6, "0").startsWith(bits));
  return matching.length === 1 ? matching.join("").replace("+", "[+]") : `[${matching.join("")}]`;
}
