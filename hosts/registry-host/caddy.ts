import { readFileSync } from "node:fs";
import { caddyPathOnHost, hostPaths, proxyPaths } from "../../render/compose.ts";
import { stackMetrics } from "../../render/metrics/stack-metrics.ts";
import { accountsFile } from "../../render/proxy/accounts-file.ts";
import { caddyfile } from "../../render/proxy/caddyfile.ts";
import { proxyFiles } from "../../render/proxy/proxy-config.ts";
import { proxyOfHost } from "../../render/proxy/proxy-of-settings.ts";
import type { BundleFile } from "../apply/bundle.ts";
import type { HostProxy } from "./proxy.ts";

/** The folder on the host for the builtin ui's files. Caddy's container has the folder above it as a mount. */
export const uiPath = caddyPathOnHost(proxyFiles.ui);

/** The folder on the host for a file that proves that the registry's name leads to this host. */
export const probePath = `${caddyPathOnHost(proxyFiles.probe)}/.well-known/acme-challenge`;

/** Caddy as the host's proxy. It checks rights by path, allows anonymous pull, and serves blobs from the disk. */
export const caddy: HostProxy = {
  directories: ({ variant }) => [
    { path: proxyPaths.caddy.config, mode: "0755" },
    ...(variant.ui.kind === "builtin" ? [{ path: uiPath, mode: "0755" as const }] : []),
    { path: proxyPaths.caddy.data, mode: "0700" },
    { path: hostPaths.proxyLogs, mode: "0755" },
  ],
  files: (plan) => {
    const { variant, accounts, monitoring } = plan;
    const { tls } = variant;
    const directoryCa = tls.kind === "acme" ? tls.directoryCa : undefined;
    return [
      file("0644", proxyFiles.caddyfile, caddyfile(proxyOfHost(plan))),
      ...(directoryCa ? [file("0644", proxyFiles.acmeCa, readFileSync(directoryCa, "utf8"))] : []),
      ...(monitoring ? [served("0644", proxyFiles.stackMetrics, stackMetrics(accounts, monitoring))] : []),
    ];
  },
  secretFiles: (_plan, { accounts, certificate }) => [
    file("0600", proxyFiles.accounts, accountsFile(accounts)),
    ...(certificate
      ? [file("0600", proxyFiles.certificate, certificate.chain), file("0600", proxyFiles.key, certificate.key)]
      : []),
  ],
};

function file(mode: BundleFile["mode"], path: string, text: string): BundleFile {
  return { path: caddyPathOnHost(path), mode, action: "proxy", text };
}

/** A file that Caddy reads anew for each request. */
function served(mode: BundleFile["mode"], path: string, text: string): BundleFile {
  return { ...file(mode, path, text), action: "-" };
}
