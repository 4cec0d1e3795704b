import { accessLogs } from "./access-logs.ts";
import { listenerLimits } from "./limits.ts";
import { type ProxyConfig, type ProxyTls, proxyFiles } from "./proxy-config.ts";

/** Options of the whole proxy. */
export function globalOptions({ tls, listens }: ProxyConfig): string {
  const believed = listens.kind === "service" ? listens.forwardedFrom : [];
  return `{
	admin unix/${proxyFiles.adminSocket}
	persist_config off
	auto_https disable_redirects
	servers {
${listenerLimits}${tls.kind === "acme" ? "\t\tstrict_sni_host on\n" : ""}${believed.length > 0 ? `\t\ttrusted_proxies static ${believed.join(" ")}\n` : ""}	}
}`;
}

/** The addresses served. */
export function sites(proxy: ProxyConfig): string {
  return [accessLogs(proxy), allowed(proxy.allowFrom), ...served(proxy)].join("\n\n").concat("\n");
}

/** The proxy, and port 80 beside it where a machine has TLS; for a Service its two ports. */
function served(proxy: ProxyConfig): string[] {
  const { listens } = proxy;
  if (listens.kind === "machine")
    return [...(proxy.tls.kind === "none" ? [] : [plainSite(proxy)]), proxySite(proxyAddress(proxy), proxy.tls)];
  const plain = proxySite(`http://:${listens.plainPort}`, { kind: "none" });
  return listens.tlsPort === undefined ? [plain] : [plain, proxySite(`https://:${listens.tlsPort}`, { kind: "files" })];
}

function proxySite(address: string, tls: ProxyTls): string {
  return `${address} {
	import access-log
${certificate(tls)}	import proxy
}`;
}

function allowed(networks: readonly string[]): string {
  if (networks.length === 0) return "(allowed) {\n}";
  return `(allowed) {
	@stranger not remote_ip 127.0.0.0/8 ::1 ${networks.join(" ")}
	abort @stranger
}`;
}

// Without a name where the certificate is ours: other names and addresses of the machine work too.
function proxyAddress({ host, tls }: ProxyConfig): string {
  const port = host.match(/:(\d+)$/)?.[1];
  if (tls.kind === "acme") return host;
  if (tls.kind === "none") return `http://:${port ?? 80}`;
  return `https://:${port ?? 443}`;
}

function certificate(tls: ProxyTls): string {
  switch (tls.kind) {
    case "none":
      return "";
    case "files":
      return `	tls ${proxyFiles.certificate} ${proxyFiles.key}\n`;
    case "acme":
      // By port 80 alone, which is what was seen to be reachable: each failed attempt counts against a limit.
      return `	tls {
		issuer acme ${tls.directory} {
			email ${tls.email}
${tls.directoryCa ? `			trusted_roots ${proxyFiles.acmeCa}\n` : ""}			disable_tlsalpn_challenge
		}
	}
`;
  }
}

function plainSite({ host }: ProxyConfig): string {
  return `http:// {
	import access-log
	route {
		import bodies
		# Proof that the name leads here, before a certificate is asked for.
		route /.well-known/acme-challenge/* {
			root * ${proxyFiles.probe}
			file_server
		}
		import allowed
		@local remote_ip 127.0.0.0/8 ::1
		route @local {
			import healthz
		}
		redir https://${host}{uri} permanent
	}
	import answers
}`;
}
