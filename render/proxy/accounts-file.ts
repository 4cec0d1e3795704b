import { block, caddyText, type Line, paragraphs, when } from "../caddy/block.ts";
import type { AccountSecrets } from "./account-secrets.ts";
import { earlierPasswords, mapsOfBoth, passwordsOfBoth } from "./earlier-passwords.ts";
import { renameUnknown, unknownAccountLine } from "./unknown-names.ts";

/** The text of accounts.caddy: password hashes and tokens. They are not in the Caddyfile, which `pulumi preview` prints. */
export function accountsFile(accounts: readonly AccountSecrets[]): string {
  const newest = basicAuth(accounts);
  const overlap = accounts.some(({ previous }) => previous);
  return caddyText(
    paragraphs(
      [block("(passwords)", overlap ? passwordsOfBoth(newest) : newest)],
      overlap ? mapsOfBoth(accounts) : maps(accounts),
      when(accounts.length > 0, earlierPasswords(accounts)),
    ),
  );
}

// Names are always in quotes, since Caddy reads 007 without quotes as the number 7, and t as true.
function basicAuth(accounts: readonly AccountSecrets[]): readonly Line[] {
  return [
    ...renameUnknown(accounts.map(({ name }) => name)),
    block("basic_auth bcrypt registry", [
      ...accounts.map(({ name, passwordHash }) => `"${name}" "${passwordHash}"`),
      unknownAccountLine(accounts.map(({ passwordHash }) => passwordHash)),
    ]),
  ];
}

// Each input of the maps begins with a fixed word: Caddy reads an account name "default", even in quotes, as its
// keyword.
function maps(accounts: readonly AccountSecrets[]): readonly Line[] {
  const bearers = accounts.map(({ name, token }) => `"Bearer ${token}" "${name}"`);
  const tokens = accounts.map(({ name, token }) => `"account ${name}" "${token}"`);
  return paragraphs(
    [block("(bearers)", [block("map {http.request.header.Authorization} {bearer}", [...bearers, 'default ""'])])],
    [block("(tokens)", [block('map "account {http.auth.user.id}" {token}', [...tokens, 'default ""'])])],
  );
}
