import { accessLogs } from "./access-logs.ts";
import { type Gate, type GateTls, gateFiles } from "./gate.ts";
import { listenerLimits } from "./limits.ts";

/** Options of the whole proxy. */
export function globalOptions({ tls, listens }: Gate): string {
  const believed = listens.kind === "service" ? listens.forwardedFrom : [];
  return `{
	admin unix/${gateFiles.adminSocket}
	persist_config off
	auto_https disable_redirects
	servers {
${listenerLimits}${tls.kind === "acme" ? "\t\tstrict_sni_host on\n" : ""}${believed.length > 0 ? `\t\ttrusted_proxies static ${believed.join(" ")}\n` : ""}	}
}`;
}

/** The addresses served. */
export function sites(gate: Gate): string {
  return [accessLogs(gate), allowed(gate.allowFrom), ...served(gate)].join("\n\n").concat("\n");
}

/** The gate, and port 80 beside it where a machine has TLS; for a Service its two ports. */
function served(gate: Gate): string[] {
  const { listens } = gate;
  if (listens.kind === "machine")
    return [...(gate.tls.kind === "none" ? [] : [plainSite(gate)]), gateSite(gateAddress(gate), gate.tls)];
  const plain = gateSite(`http://:${listens.plainPort}`, { kind: "none" });
  return listens.tlsPort === undefined ? [plain] : [plain, gateSite(`https://:${listens.tlsPort}`, { kind: "files" })];
}

function gateSite(address: string, tls: GateTls): string {
  return `${address} {
	import access-log
${certificate(tls)}	import gate
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
function gateAddress({ host, tls }: Gate): string {
  const port = host.match(/:(\d+)$/)?.[1];
  if (tls.kind === "acme") return host;
  if (tls.kind === "none") return `http://:${port ?? 80}`;
  return `https://:${port ?? 443}`;
}

function certificate(tls: GateTls): string {
  switch (tls.kind) {
    case "none":
      return "";
    case "files":
      return `	tls ${gateFiles.certificate} ${gateFiles.key}\n`;
    case "acme":
      // By port 80 alone, which is what was seen to be reachable: each failed attempt counts against a limit.
      return `	tls {
		issuer acme ${tls.directory} {
			email ${tls.email}
${tls.directoryCa ? `			trusted_roots ${gateFiles.acmeCa}\n` : ""}			disable_tlsalpn_challenge
		}
	}
`;
  }
}

function plainSite({ host }: Gate): string {
  return `http:// {
	import access-log
	route {
		import bodies
		# Proof that the name leads here, before a certificate is asked for.
		route /.well-known/acme-challenge/* {
			root * ${gateFiles.probe}
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
