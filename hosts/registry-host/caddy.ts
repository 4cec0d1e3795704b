import { readFileSync } from "node:fs";
import { hostPaths, joxitHostPort, proxyPaths, storageRoot } from "../../render/compose.ts";
import { accountsFile } from "../../render/proxy/accounts-file.ts";
import { caddyfile } from "../../render/proxy/caddyfile.ts";
import { type ProxyUi, proxyFiles } from "../../render/proxy/proxy-config.ts";
import type { Ui } from "../../settings/ui.ts";
import type { BundleFile } from "../apply/bundle.ts";
import { type HostProxy, type ProxyPlan, proxyTls, registryAddress } from "./proxy.ts";

/** Where the page's files are on the host: a folder that Caddy has a mount of anyway. */
export const pagePath = onHost(proxyFiles.page);

/** Where a file proves that a name leads to this host. */
export const probePath = `${onHost(proxyFiles.probe)}/.well-known/acme-challenge`;

/** Caddy, the proxy: rights by path, anonymous pull, blobs from the disk. */
export const caddy: HostProxy = {
  directories: ({ variant }) => [
    { path: proxyPaths.caddy.config, mode: "0755" },
    ...(variant.ui.kind === "builtin" ? [{ path: pagePath, mode: "0755" as const }] : []),
    { path: proxyPaths.caddy.data, mode: "0700" },
    { path: hostPaths.proxyLogs, mode: "0755" },
  ],
  files: (plan) => {
    const { tls } = plan.variant;
    const directoryCa = tls.kind === "acme" ? tls.directoryCa : undefined;
    return [
      file("0644", proxyFiles.caddyfile, proxy(plan)),
      ...(directoryCa ? [file("0644", proxyFiles.acmeCa, readFileSync(directoryCa, "utf8"))] : []),
    ];
  },
  secretFiles: (_plan, { accounts, certificate }) => [
    file("0600", proxyFiles.accounts, accountsFile(accounts)),
    ...(certificate
      ? [file("0600", proxyFiles.certificate, certificate.chain), file("0600", proxyFiles.key, certificate.key)]
      : []),
  ],
};

function proxy({ variant, containerRegistry, accounts }: ProxyPlan): string {
  return caddyfile({
    host: containerRegistry.host,
    tls: proxyTls(variant.tls),
    accounts,
    requiresAuthForPull: containerRegistry.requiresAuthForPull,
    catalogue: variant.catalogue,
    listens: { kind: "machine" },
    allowFrom: variant.allowFrom,
    upstream: registryAddress,
    storageRoot,
    ui: proxyUi(variant.ui),
  });
}

function proxyUi(ui: Ui): ProxyUi | undefined {
  switch (ui.kind) {
    case "none":
      return undefined;
    case "builtin":
      return { kind: "files", root: proxyFiles.page };
    case "joxit":
      return { kind: "proxied", upstream: `127.0.0.1:${joxitHostPort}` };
  }
}

function file(mode: BundleFile["mode"], path: string, text: string): BundleFile {
  return { path: onHost(path), mode, action: "proxy", text };
}

/** The host's path of a file that the proxy's container knows under /etc/caddy. */
function onHost(path: string): string {
  return path.replace(/^\/etc\/caddy/, proxyPaths.caddy.config);
}
