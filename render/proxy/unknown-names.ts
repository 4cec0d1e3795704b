/** The account that unknown names are checked as. No account has such a name: it is not in lower case. */
const stranger = "Stranger";

/**
 * What is not the hash of any password: the last character of a real one has two bits that are always zero.
 * @see golang.org/x/crypto/bcrypt: 23 bytes in 31 characters of six bits
 */
const noHash = `${".".repeat(22)}${".".repeat(30)}/`;

/** bcrypt's cost where no account has a hash. */
const defaultCost = "$2b$10$";

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Directives that go before basic_auth. It hashes for an unknown name, too, but sixteen times as long as for ours, which
 * tells the names apart. So every name that is not ours becomes another account's, whose hash costs what ours cost: in
 * base64, its name and a colon fit before any other text, for they are nine bytes.
 */
export function asStranger(names: readonly string[]): string {
  const known =
    names.length === 0 ? "" : `\n\t\tnot vars_regexp ${header} "(?i)^basic (?-i:${names.map(beginning).join("|")})"`;
  return `@unknown {
		vars_regexp basic ${header} "(?i)^basic ([A-Za-z0-9+/=]*)"${known}
	}
	request_header @unknown Authorization "Basic ${btoa(`${stranger}:`)}{re.basic.1}"`;
}

// The first value, which is the one that basic_auth takes: a header's own matcher is content with any of several.
const header = "{http.request.header.Authorization}";

/** The line of basic_auth for that account, as costly to check as the accounts with these hashes. */
export function strangerAccount(hashes: readonly string[]): string {
  return `"${stranger}" "${hashes[0]?.slice(0, defaultCost.length) ?? defaultCost}${noHash}"`;
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
