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
 * Directives before basic_auth, so that an unknown name takes as long to check as an account's. basic_auth also hashes for
 * unknown names, but at sixteen times the cost of ours, and that difference would tell which accounts exist. So every
 * other name is replaced by one account's, whose hash costs what ours cost. In base64 that name and a colon can be put
 * before any other text, since they are nine bytes.
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

// The first Authorization header, which basic_auth reads. Caddy's matcher for headers is content with any of several.
const header = "{http.request.header.Authorization}";

/** The line of basic_auth for unknown names. To check it takes as long as an account with one of these hashes. */
export function unknownAccountLine(hashes: readonly string[]): string {
  return `"${unknownAccount}" "${hashes[0]?.slice(0, defaultCost.length) ?? defaultCost}${noHash}"`;
}

/** How the base64 text of `name:password` begins, whatever the password, as a regular expression. */
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
