import type { ProxyConfig } from "./proxy-config.ts";

/** The placeholder of the scheme that the client came by, which a token's realm must keep. */
export function clientScheme(proxy: ProxyConfig): string {
  return forwardedFrom(proxy).length === 0 ? "{scheme}" : "{vars.client_scheme}";
}

/** Believes a proxy in front that ended the client's TLS, and nobody else. */
export function forwarded(proxy: ProxyConfig): string {
  const networks = forwardedFrom(proxy);
  if (networks.length === 0) return "";
  return `		@forwarded {
			remote_ip ${networks.join(" ")}
			header_regexp forwarded X-Forwarded-Proto ^https?$
		}
		vars client_scheme {scheme}
		vars @forwarded client_scheme {re.forwarded.0}
`;
}

function forwardedFrom({ listens }: ProxyConfig): readonly string[] {
  return listens.kind === "service" ? listens.forwardedFrom : [];
}
