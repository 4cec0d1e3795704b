import { readFileSync } from "node:fs";
import { composeYaml, hostPaths, type Image, joxitHostPort, storageRoot } from "../render/compose.ts";
import { distributionConfig } from "../render/distribution.ts";
import { type AccountSecrets, accountsFile } from "../render/gate/accounts-file.ts";
import { caddyfile } from "../render/gate/caddyfile.ts";
import { type GateTls, type GateUi, gateFiles } from "../render/gate/gate.ts";
import { registryUnit } from "../render/systemd-unit.ts";
import type { Account } from "../settings/accounts.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import { splitHost } from "../settings/host-name.ts";
import { probeRepository } from "../settings/image-reference.ts";
import type { HostTls } from "../settings/tls.ts";
import type { Ui } from "../settings/ui.ts";
import type { HostVariant } from "../settings/variant-host.ts";
import type { BuiltPage } from "./built-page.ts";
import type { Bundle, BundleFile } from "./bundle.ts";
import { shellFiles } from "./shell.ts";

const script = shellFiles(new URL("./registry-host/", import.meta.url), [
  "docker",
  "images",
  "ports",
  "take-over",
  "acme",
  "services",
  "page",
  "probe",
]);

/** Where distribution listens. The proxy beside it is the only way in. */
const registryAddress = "127.0.0.1:5000";

const caFile = "/etc/container-registry/ca.pem";

/** Where the page's files are on the host: a folder that the proxy has a mount of anyway. */
const pagePath = onHost(gateFiles.page);

export type RegistryHostPlan = {
  variant: HostVariant;
  containerRegistry: ContainerRegistry;
  accounts: Account[];
  /** Image archives, by the path each has on the host. */
  archives: { registry?: string; proxy?: string; ui?: string };
  /** This project's own page, and where the host finds its files once they were sent. */
  page?: BuiltPage & { sent: string };
  /** PEM of the stack's own authority. Empty where there is none. */
  ca: string;
  /** Whether nodes are to pull a tiny image from it. */
  probed: boolean;
};

export type RegistryHostSecrets = {
  accounts: AccountSecrets[];
  /** Signs the state of uploads. */
  httpSecret: string;
  /** PEM, leaf first, and its key. None where Caddy asks an ACME authority, or there is no TLS. */
  certificate?: { chain: string; key: string };
};

/** What a registry host is made of, secrets aside. */
export function registryHostBundle(plan: RegistryHostPlan): Bundle {
  return {
    name: "registry",
    reach: plan.variant.connection.kind,
    directories: [
      { path: "/etc/container-registry", mode: "0755" },
      { path: hostPaths.proxyConfig, mode: "0755" },
      { path: hostPaths.registryConfig, mode: "0755" },
      ...(plan.variant.ui.kind === "builtin" ? [{ path: pagePath, mode: "0755" as const }] : []),
      { path: hostPaths.proxyData, mode: "0700" },
      { path: hostPaths.proxyLogs, mode: "0755" },
      { path: plan.variant.storagePath, mode: "0755" },
    ],
    files: visibleFiles(plan),
    entries: [],
    formats: [],
    variables: scriptVariables(plan),
    script,
  };
}

/** The files of a registry host that no preview shows. */
export function registryHostSecretFiles({ accounts, httpSecret, certificate }: RegistryHostSecrets): BundleFile[] {
  const file = (path: string, action: string, text: string) => ({ path, mode: "0600", action, text }) as const;
  const storage = { kind: "filesystem", root: storageRoot } as const;
  const config = distributionConfig({ address: registryAddress, storage, httpSecret });
  return [
    file(onHost(gateFiles.accounts), "proxy", accountsFile(accounts)),
    file(`${hostPaths.registryConfig}/config.yml`, "registry", config),
    ...(certificate
      ? [
          file(onHost(gateFiles.certificate), "proxy", certificate.chain),
          file(onHost(gateFiles.key), "proxy", certificate.key),
        ]
      : []),
  ];
}

function visibleFiles(plan: RegistryHostPlan): BundleFile[] {
  const { variant, containerRegistry, accounts, ca } = plan;
  const file = (path: string, action: string, text: string) => ({ path, mode: "0644", action, text }) as const;
  const gate = caddyfile({
    host: containerRegistry.host,
    tls: gateTls(variant.tls),
    accounts,
    requiresAuthForPull: containerRegistry.requiresAuthForPull,
    catalogue: variant.catalogue,
    listens: { kind: "machine" },
    allowFrom: variant.allowFrom,
    upstream: registryAddress,
    storageRoot,
    ui: gateUi(variant.ui),
  });
  const directoryCa = variant.tls.kind === "acme" ? variant.tls.directoryCa : undefined;
  return [
    file(onHost(gateFiles.caddyfile), "proxy", gate),
    file(hostPaths.compose, "-", compose(plan)),
    file("/etc/systemd/system/container-registry.service", "unit", registryUnit()),
    ...(ca ? [file(caFile, "-", ca)] : []),
    ...(directoryCa ? [file(onHost(gateFiles.acmeCa), "proxy", readFileSync(directoryCa, "utf8"))] : []),
  ];
}

function compose({ variant, containerRegistry }: RegistryHostPlan): string {
  const { images, memory, storagePath, tls, ui } = variant;
  return composeYaml({
    images: { registry: image(images.registry), proxy: image(images.proxy) },
    memoryMib: { registry: mebibytes(memory.registry), proxy: mebibytes(memory.proxy) },
    storagePath,
    plainPort: tls.kind === "none" ? (splitHost(containerRegistry.host).port ?? 80) : 80,
    registryAddress,
    ...(ui.kind === "joxit" && { joxit: { image: image(ui.image), host: containerRegistry.host } }),
  });
}

function scriptVariables({
  variant,
  containerRegistry,
  archives,
  page,
  ca,
  probed,
}: RegistryHostPlan): Record<string, string> {
  const { name, port } = splitHost(containerRegistry.host);
  const { tls, images, ui } = variant;
  const scheme = tls.kind === "none" ? "http" : "https";
  const servedPort = port ?? (tls.kind === "none" ? 80 : 443);
  const ports = [
    ...(tls.kind === "none" ? [] : [80]),
    servedPort,
    5000,
    ...(ui.kind === "joxit" ? [joxitHostPort] : []),
  ];
  return {
    compose_project: "container-registry",
    registry_url: `${scheme}://${containerRegistry.host}`,
    registry_name: name,
    registry_address: registryAddress,
    registry_port: String(servedPort),
    ports: ports.join(" "),
    tls: tls.kind,
    curl_trust: curlTrust(tls, ca),
    // An ACME authority may take its time, and Caddy asks again by itself.
    verify_seconds: tls.kind === "acme" ? "180" : "60",
    images: [
      `${images.registry.reference} ${archives.registry ?? "-"}`,
      `${images.proxy.reference} ${archives.proxy ?? "-"}`,
      ...(ui.kind === "joxit" ? [`${ui.image.reference} ${archives.ui ?? "-"}`] : []),
    ].join("\n"),
    sent_here: String(variant.connection.kind !== "local"),
    ui: ui.kind,
    page_files: page?.files.map(({ name, sha256 }) => `${sha256} ${name}`).join("\n") ?? "",
    page_sent: page?.sent ?? "",
    page_path: pagePath,
    proxy_image: images.proxy.reference,
    probe_repository: probed ? probeRepository(containerRegistry) : "",
    storage_path: variant.storagePath,
    certificates: hostPaths.proxyData,
    probe_path: `${onHost(gateFiles.probe)}/.well-known/acme-challenge`,
    install_docker: String(variant.installDocker),
    take_over: String(variant.takeOver),
    delete_data: String(variant.deleteData),
    generation: variant.generation,
  };
}

/** The host asks itself: by the stack's own authority where there is one, else it looks only at whether all is served. */
function curlTrust(tls: HostTls, ca: string): string {
  if (tls.kind === "none") return "";
  return ca ? `--cacert ${caFile}` : "--insecure";
}

function gateTls(tls: HostTls): GateTls {
  switch (tls.kind) {
    case "acme":
      return { kind: "acme", email: tls.email, directory: tls.directory, directoryCa: tls.directoryCa !== undefined };
    case "private-ca":
    case "provided":
      return { kind: "files" };
    case "none":
      return { kind: "none" };
  }
}

function gateUi(ui: Ui): GateUi | undefined {
  switch (ui.kind) {
    case "none":
      return undefined;
    case "builtin":
      return { kind: "files", root: gateFiles.page };
    case "joxit":
      return { kind: "proxied", upstream: `127.0.0.1:${joxitHostPort}` };
  }
}

function image({ reference, archive }: { reference: string; archive?: string }): Image {
  return archive === undefined ? { kind: "pulled", reference } : { kind: "loaded", id: reference };
}

function mebibytes(size: string): number {
  const amount = Number.parseInt(size, 10);
  return size.endsWith("g") ? amount * 1024 : amount;
}

/** The host's path of a file that the proxy's container knows under /etc/caddy. */
function onHost(path: string): string {
  return path.replace(/^\/etc\/caddy/, hostPaths.proxyConfig);
}
