import { block, caddyText, type Line, paragraphs } from "../caddy/block.ts";
import { globPattern, literalPattern } from "./globs.ts";
import type { AccountRights, ProxyConfig } from "./proxy-config.ts";

/**
 * The snippets that find the account of a request, and decide whether the account has a right to a repository, by one
 * line for each account, right and glob.
 */
export function rights({ accounts }: ProxyConfig): readonly Line[] {
  return paragraphs(
    [
      block("(granted)", [
        block('map "{http.auth.user.id} {args[0]} {args[1]}" {args[2]}', [
          ...accounts.flatMap(rightsLines),
          "default no",
        ]),
      ]),
    ],
    [
      "# Whose password (Basic) or token (Bearer) it is; nobody's goes no further.",
      block("(who)", [
        "@password header_regexp Authorization (?i)^basic\\s",
        block("route @password", ["invoke password"]),
        "import bearers",
        "vars http.auth.user.id {http.auth.user.id}{bearer}",
        ...accounts.flatMap(expiry),
        '@nobody vars {http.auth.user.id} ""',
        "error @nobody 401",
        "log_name accounts",
      ]),
    ],
  );
}

/** The text of rights.caddy, a file with these rights that the Caddyfile imports. */
export function rightsFile(proxy: ProxyConfig): string {
  return caddyText(rights(proxy));
}

function rightsLines({ name, push, pull, delete: deletes }: AccountRights): string[] {
  const account = literalPattern(name);
  return [
    ...push.map((glob) => rightsLine(`${account} (?:pull|push)`, glob)),
    ...pull.map((glob) => rightsLine(`${account} pull`, glob)),
    ...deletes.map((glob) => rightsLine(`${account} delete`, glob)),
  ];
}

function rightsLine(accountAndRight: string, glob: string): string {
  return `"~^${accountAndRight} ${globPattern(glob)}$" yes`;
}

/** When an account with this last day (UTC) stops working, in seconds since 1970. */
export function accountEnd(expires: string): number {
  return Date.parse(`${expires}T00:00:00Z`) / 1000 + 86_400;
}

function expiry({ name, expires }: AccountRights): string[] {
  if (expires === undefined) return [];
  const end = accountEnd(expires);
  return [
    `# ${name}'s last day is ${expires} (UTC).`,
    `@${name}-expired expression \`{http.auth.user.id} == "${name}" && int({time.now.unix}) >= ${end}\``,
    `error @${name}-expired 401`,
  ];
}
