import { readFileSync } from "node:fs";
import { htpasswd } from "../../render/cluster-registry/htpasswd.ts";
import { proxyPaths, registryAddress } from "../../render/compose.ts";
import { tlsOfHost } from "../../render/proxy/proxy-of-settings.ts";
import { routesYaml } from "../../render/traefik/routes.ts";
import { traefikYaml } from "../../render/traefik/settings.ts";
import { accountsWith, type Right, type Traefik, traefikFiles } from "../../render/traefik/traefik.ts";
import { secretsVersionYaml } from "../../render/traefik/version-header.ts";
import type { BundleFile } from "../apply/bundle.ts";
import type { HostProxy, ProxyPlan, ProxySecrets } from "./proxy.ts";

/** Traefik as the host's proxy. Rights apply to all repositories, and every pull needs an account. */
export const traefik: HostProxy = {
  directories: () => [
    { path: proxyPaths.traefik.config, mode: "0755" },
    { path: proxyPaths.traefik.data, mode: "0700" },
  ],
  files: (plan) => {
    const { tls } = plan.variant;
    const directoryCa = tls.kind === "acme" ? tls.directoryCa : undefined;
    return [
      file("0644", "restart", traefikFiles.settings, traefikYaml(rendered(plan))),
      file("0644", "proxy", traefikFiles.routes, routesYaml(rendered(plan))),
      ...(directoryCa ? [file("0644", "restart", traefikFiles.acmeCa, readFileSync(directoryCa, "utf8"))] : []),
    ];
  },
  secretFiles: ({ accounts }, secrets) => {
    const files = [...usersFiles(accounts, secrets.accounts), ...certificateFiles(secrets)];
    return [
      ...files,
      file("0600", "proxy", traefikFiles.secretsVersion, secretsVersionYaml(files.map(({ text }) => text))),
    ];
  },
};

function rendered({ variant, containerRegistry, accounts }: ProxyPlan): Traefik {
  const { tls, catalogue } = variant;
  return { host: containerRegistry.host, tls: tlsOfHost(tls), accounts, catalogue, upstream: registryAddress };
}

/** A users file for each right that at least one account has. */
function usersFiles(accounts: ProxyPlan["accounts"], secrets: ProxySecrets["accounts"]): BundleFile[] {
  return Object.entries(traefikFiles.users).flatMap(([right, path]) => {
    const names = accountsWith(right as Right, accounts).map(({ name }) => name);
    if (names.length === 0) return [];
    return [file("0600", "proxy", path, htpasswd(secrets.filter(({ name }) => names.includes(name))))];
  });
}

function certificateFiles({ certificate }: ProxySecrets): BundleFile[] {
  if (certificate === undefined) return [];
  return [
    file("0600", "proxy", traefikFiles.certificate, certificate.chain),
    file("0600", "proxy", traefikFiles.key, certificate.key),
  ];
}

function file(mode: BundleFile["mode"], action: "proxy" | "restart", path: string, text: string): BundleFile {
  return { path: path.replace(/^\/etc\/traefik/, proxyPaths.traefik.config), mode, action, text };
}
