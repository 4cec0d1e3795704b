import { block } from "../caddy/block.ts";
import { proxyFiles } from "./proxy-config.ts";
import { connectAgain } from "./upstream.ts";

/**
 * The name of the site that checks passwords. Clients cannot reach this site, since it listens only on a Unix socket.
 */
const site = "passwords";

/**
 * The Authorization headers that are checked at all are shorter than this, in characters. The longest name with the
 * longest password that bcrypt takes, 72 bytes, makes 190. Caddy would hash longer ones, and store them in its cache.
 */
const longestHeader = 300;

/** How many passwords each listener checks at the same time. One check uses a CPU core for some 0.1 s. */
const checksAtOnce = 2;

/**
 * How long a request may wait for its check, in seconds: longer than the wait when every allowed connection asks for
 * one. Go ends a request whose deadline passes meanwhile, and Caddy answers it as if the check had succeeded.
 */
const waitSeconds = 300;

/**
 * Checks the password of a request by asking another site of this same Caddy: the limit of connections to it is the
 * only limit that Caddy has on simultaneous checks. It is a named route, so that all who use it share one limit.
 */
export const passwordCheck = block("&(password)", [
  block("route", [
    `@endless header_regexp Authorization ^.{${longestHeader}}`,
    "error @endless 401",
    block("request_body", [`read_timeout ${waitSeconds}s`]),
    block(`reverse_proxy unix/${proxyFiles.passwordsSocket}`, [
      "method GET",
      "rewrite /",
      `header_up Host ${site}`,
      ...connectAgain,
      block("transport http", ["compression off", `max_conns_per_host ${checksAtOnce}`]),
      "# A check that failed says nothing about the password.",
      "@failed status 5xx",
      block("handle_response @failed", ['error "the password cannot be checked" 503']),
      block("handle_response", [
        block("vars", ["http.auth.user.id {rp.header.Account}", "by_earlier {rp.header.Earlier}"]),
      ]),
    ]),
  ]),
]);

/** The site that checks passwords. It answers 204 with the account's name in a header if the password is right. */
export const passwordsSite = block(`http://${site}`, [
  `bind unix/${proxyFiles.passwordsSocket}`,
  block("route", [
    "import passwords",
    block("header", ["Account {http.auth.user.id}", "Earlier {vars.by_earlier}"]),
    "respond 204",
  ]),
]);
