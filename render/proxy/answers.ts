import { type Block, block } from "../caddy/block.ts";
import { snippets, unavailableMessage } from "./caddy-names.ts";
import type { ProxyConfig } from "./proxy-config.ts";
import { clientScheme } from "./scheme.ts";
import { unopenedFiles } from "./unopened-files.ts";

/**
 * Error responses: the specification's JSON, and the challenge that tells clients where tokens come from.
 *
 * Docker does not recognize a 401 whose message is its own "authentication required": it retries the push for 50 s.
 * @see distribution: registry/api/errcode, Errors.UnmarshalJSON; moby: distribution/errors.go, retryOnError
 */
export function answers(proxy: ProxyConfig): Block {
  const bearer = `Bearer realm="${clientScheme(proxy)}://{hostport}/token",service="{hostport}"`;
  return block("(answers)", [
    block("handle_errors", [
      block("route", [
        ...(proxy.storageRoot === undefined ? [] : unopenedFiles(proxy.upstream)),
        `import ${snippets.shortDeadline}`,
        block("map {err.status_code} {code} {message}", [
          '401 UNAUTHORIZED "log in with an account that may do this"',
          '403 DENIED "this account has no such right here"',
          '404 NAME_INVALID "no such endpoint, or not a valid repository name, tag or digest"',
          '405 UNSUPPORTED "the method is not allowed here"',
          `413 UNSUPPORTED "${tooLarge(proxy)}"`,
          '503 UNAVAILABLE "too many passwords are being checked, or the registry is not ready; try again"',
          `~^5 UNAVAILABLE "${unavailableMessage}"`,
          'default UNKNOWN "the request cannot be served"',
        ]),
        "",
        "@unauthorized vars {err.status_code} 401",
        block("route @unauthorized", [
          block("map {path} {challenge}", ['/token `Basic realm="{hostport}"`', `default \`${bearer}\``]),
          "header WWW-Authenticate {challenge}",
        ]),
        "",
        block("header", [
          "-Cache-Control",
          "-Docker-Content-Digest",
          "-Etag",
          "Content-Type application/json",
          "Docker-Distribution-Api-Version registry/2.0",
        ]),
        'respond `{"errors":[{"code":"{code}","message":"{message}"}]}` {err.status_code}',
      ]),
    ]),
  ]);
}

function tooLarge({ immutableTags = [] }: ProxyConfig): string {
  const bodiless = "a request of this method has no body";
  return immutableTags.length === 0 ? bodiless : `${bodiless}, or this manifest has more than 4 MiB`;
}
