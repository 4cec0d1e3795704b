import { type Block, block, type Line, paragraphs } from "../caddy/block.ts";
import type { AccountSecrets } from "./account-secrets.ts";
import { proxyFiles } from "./proxy-config.ts";
import { renameUnknown, unknownAccountLine } from "./unknown-names.ts";
import { connectAgain } from "./upstream.ts";

/**
 * The name of the site that checks earlier passwords. Clients cannot reach this site: it listens only on a Unix socket.
 */
const site = "earlier-passwords";

/**
 * Directives that check the password from before a rotation first, and then the newest one. Caddy's basic_auth has only
 * one password for each name and rejects any other at once, so another site of the same Caddy checks the earlier ones.
 * The result is in a variable, since a client could set a header itself.
 */
export function passwordsOfBoth(newest: readonly Line[]): readonly Line[] {
  return [
    block(`reverse_proxy unix/${proxyFiles.earlierSocket}`, [
      "method GET",
      "rewrite /",
      `header_up Host ${site}`,
      ...connectAgain,
      "@failed status 5xx",
      block("handle_response @failed", ['error "the password cannot be checked" 503']),
      block("handle_response", ["vars earlier {rp.header.Account}"]),
    ]),
    '@earlier not vars {vars.earlier} ""',
    block("route @earlier", [block("vars", ["http.auth.user.id {vars.earlier}", "by_earlier yes"])]),
    '@newest vars {vars.earlier} ""',
    block("route @newest", newest),
  ];
}

/**
 * The maps between tokens and accounts while two passwords are valid. Each password has a token of its own, so that no
 * token of the earlier password is valid longer than the password.
 */
export function mapsOfBoth(accounts: readonly AccountSecrets[]): readonly Line[] {
  const newestOrEarlier = "account {http.auth.user.id} {vars.by_earlier}{by_earlier}";
  return paragraphs(
    [
      block("(bearers)", [
        block("map {http.request.header.Authorization} {bearer} {by_earlier}", [
          ...accounts.flatMap(bearers),
          'default "" ""',
        ]),
      ]),
    ],
    [block("(tokens)", [block(`map "${newestOrEarlier}" {token}`, [...accounts.flatMap(tokens), 'default ""'])])],
  );
}

function bearers({ name, token, previous }: AccountSecrets): string[] {
  return [`"Bearer ${token}" "${name}" ""`, ...(previous ? [`"Bearer ${previous.token}" "${name}" yes`] : [])];
}

function tokens({ name, token, previous }: AccountSecrets): string[] {
  return [`"account ${name} " "${token}"`, `"account ${name} yes" "${previous?.token ?? token}"`];
}

/**
 * The site that checks the earlier passwords. It also has the only password of every other account, so that checking
 * any name takes the same time. The site is there even while every account has one password, since a request that
 * began under the previous configuration may still ask it.
 */
export function earlierPasswords(accounts: readonly AccountSecrets[]): Block {
  return block(`http://${site}`, [
    `bind unix/${proxyFiles.earlierSocket}`,
    block("route", [
      ...renameUnknown(accounts.map(({ name }) => name)),
      block("basic_auth bcrypt registry", [
        ...accounts.map(({ name, passwordHash, previous }) => `"${name}" "${previous?.passwordHash ?? passwordHash}"`),
        unknownAccountLine(accounts.map(({ passwordHash }) => passwordHash)),
      ]),
      "header Account {http.auth.user.id}",
      "respond 204",
    ]),
  ]);
}
