import { block, type Line } from "../caddy/block.ts";
import type { ProxyConfig } from "./proxy-config.ts";

/**
 * Caddy's placeholder for the scheme of the URL that the client uses. The token realm's URL must have the same scheme.
 */
export function clientScheme(proxy: ProxyConfig): string {
  return forwardedFrom(proxy).length === 0 ? "{scheme}" : "{vars.client_scheme}";
}

/**
 * Directives that read the client's scheme from X-Forwarded-Proto, if a trusted proxy in front has ended the client's
 * TLS.
 */
export function forwarded(proxy: ProxyConfig): readonly Line[] {
  const networks = forwardedFrom(proxy);
  if (networks.length === 0) return [];
  return [
    block("@forwarded", [`remote_ip ${networks.join(" ")}`, "header_regexp forwarded X-Forwarded-Proto ^https?$"]),
    "vars client_scheme {scheme}",
    "vars @forwarded client_scheme {re.forwarded.0}",
  ];
}

function forwardedFrom({ listens }: ProxyConfig): readonly string[] {
  return listens.kind === "service" ? listens.forwardedFrom : [];
}
