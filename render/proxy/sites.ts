import { type Block, block, type Line, paragraphs, when } from "../caddy/block.ts";
import { deniedClient, snippets } from "./caddy-names.ts";
import { listenerLimits } from "./limits.ts";
import { type ProxyConfig, type ProxyTls, proxyFiles } from "./proxy-config.ts";

/** The Caddyfile's global options. */
export function globalOptions({ tls, listens, metrics }: ProxyConfig): Block {
  const trusted = listens.kind === "service" ? listens.forwardedFrom : [];
  return block("", [
    `admin unix/${proxyFiles.adminSocket}`,
    "persist_config off",
    "auto_https disable_redirects",
    ...when(metrics !== undefined, "metrics"),
    block("servers", [
      ...listenerLimits,
      ...when(tls.kind === "acme", "strict_sni_host on"),
      ...when(trusted.length > 0, `trusted_proxies static ${trusted.join(" ")}`),
    ]),
  ]);
}

/** Closes the connections of clients outside `allowFrom`. */
export function allowedClients(networks: readonly string[]): Block {
  return block("(allowed)", [
    ...when(
      networks.length > 0,
      `${deniedClient} not remote_ip 127.0.0.0/8 ::1 ${networks.join(" ")}`,
      `abort ${deniedClient}`,
    ),
  ]);
}

/**
 * The sites for clients. On a machine with TLS there is also one on port 80. Behind a Service there is one for each
 * port.
 */
export function sites(proxy: ProxyConfig): readonly Line[] {
  const { listens, tls } = proxy;
  if (listens.kind === "machine")
    return paragraphs(when(tls.kind !== "none", plainSite(proxy)), [proxySite(proxyAddress(proxy), tls)]);
  const { plainPort, tlsPort } = listens;
  return paragraphs(
    [proxySite(`http://:${plainPort}`, { kind: "none" })],
    when(tlsPort !== undefined, proxySite(`https://:${tlsPort}`, { kind: "files" })),
  );
}

function proxySite(address: string, tls: ProxyTls): Block {
  return block(address, ["import access-log", ...certificate(tls), `import ${snippets.proxy}`]);
}

// Without ACME the address has only a port, so that clients may also use other names and addresses of the machine.
function proxyAddress({ host, tls }: ProxyConfig): string {
  const port = host.match(/:(\d+)$/)?.[1];
  if (tls.kind === "acme") return host;
  if (tls.kind === "none") return `http://:${port ?? 80}`;
  return `https://:${port ?? 443}`;
}

function certificate(tls: ProxyTls): readonly Line[] {
  switch (tls.kind) {
    case "none":
      return [];
    case "files":
      return [`tls ${proxyFiles.certificate} ${proxyFiles.key}`];
    case "acme":
      // Only the challenge on port 80 is used, since an earlier step has tested that this port is reachable. Each
      // failed attempt counts against the ACME server's limit.
      return [
        block("tls", [
          block(`issuer acme ${tls.directory}`, [
            `email ${tls.email}`,
            ...when(tls.directoryCa, `trusted_roots ${proxyFiles.acmeCa}`),
            "disable_tlsalpn_challenge",
          ]),
        ]),
      ];
  }
}

function plainSite({ host }: ProxyConfig): Block {
  return block("http://", [
    "import access-log",
    block("route", [
      "import bodies",
      "# Proof that the name leads here, before a certificate is asked for.",
      block("route /.well-known/acme-challenge/*", [`root * ${proxyFiles.probe}`, "file_server"]),
      "import allowed",
      "@local remote_ip 127.0.0.0/8 ::1",
      block("route @local", ["import healthz"]),
      `redir https://${host}{uri} permanent`,
    ]),
    "import answers",
  ]);
}
