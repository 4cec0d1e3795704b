import { backupFolder } from "../../render/backup/paths.ts";
import { collectScript } from "../../render/collection/collect-script.ts";
import { collectTimer, collectUnit } from "../../render/collection/units.ts";
import {
  composeYaml,
  hostPaths,
  type Image,
  joxitHostPort,
  type ProxyKind,
  proxyPaths,
  registryAddress,
  registryMetricsAddress,
  storageRoot,
} from "../../render/compose.ts";
import { distributionConfig } from "../../render/distribution.ts";
import { hostTimers } from "../../render/host-timers.ts";
import { registryUnit } from "../../render/systemd-unit.ts";
import type { Backup } from "../../settings/backup.ts";
import { splitHost } from "../../settings/formats/host-name.ts";
import { probeRepository } from "../../settings/formats/image-reference.ts";
import type { Notify } from "../../settings/notify.ts";
import type { Rotations } from "../../settings/rotation.ts";
import type { HostTls } from "../../settings/variants/tls.ts";
import type { Bundle, BundleFile } from "../apply/bundle.ts";
import type { BackupSecrets } from "../backup/secret-texts.ts";
import { hostMetricsPath, metricsFiles } from "../metrics/metrics-program.ts";
import { notifyFiles, notifyFolder, notifySecretFiles } from "../notify/notify-program.ts";
import { proxyReload } from "../proxy-reload.ts";
import type { BuiltUi } from "../sending/built-ui.ts";
import { sendingPath } from "../sending/sending-folder.ts";
import { shellFiles } from "../shell.ts";
import { backupFiles, backupSecretFiles } from "./backup.ts";
import { caddy, probePath, uiPath } from "./caddy.ts";
import type { HostProxy, ProxyPlan, ProxySecrets } from "./proxy.ts";
import { traefik } from "./traefik.ts";

const script =
  proxyReload +
  shellFiles(new URL("./", import.meta.url), [
    "old-host",
    "disk",
    "docker",
    "restic",
    "sent",
    "images",
    "project",
    "ports",
    "old-registry",
    "stoppable",
    "put-back",
    "take-over",
    "acme",
    "caddy",
    "traefik",
    "services",
    "timers",
    "delete-data",
    "ui",
    "probe",
  ]);

const proxies: Record<ProxyKind, HostProxy> = { caddy, traefik };

const caFile = "/etc/container-registry/ca.pem";

/** On the new host during a move. The old host's apply refuses a machine that has it: both would be the same machine. */
const movedHereFile = "/etc/container-registry/moved-here";

export type RegistryHostPlan = ProxyPlan & {
  /** The path of each image archive on the host, and the hash that the file must have. */
  archives: Partial<Record<"registry" | "proxy" | "ui", { path: string; sha256: string }>>;
  /** The builtin ui's files, and the path where the host finds them after they were sent. */
  uiFiles?: BuiltUi & { sent: string };
  /** The PEM text of the stack's own CA. Empty if the stack has none. */
  ca: string;
  /** @default no backups */
  backup?: Backup | undefined;
  /** Whom the host tells what is wrong, and when passwords should be rotated. @default nobody */
  notify?: { notify: Notify; rotations: Rotations; rotateEvery?: string | undefined } | undefined;
  /**
   * The machine that the registry moves to, as `machineAddress` names it. This host is the former one, and read-only.
   * @default none: this is the registry's host
   */
  movesTo?: string | undefined;
  /** The machine itself, while the registry moves to it. @default none */
  movedHere?: string | undefined;
  /** Whether nodes pull a tiny image from this registry to prove that they can. */
  probed: boolean;
};

export type RegistryHostSecrets = ProxySecrets & {
  /** Key with which distribution signs the state of uploads. */
  httpSecret: string;
  /** @default no backups */
  backup?: BackupSecrets | undefined;
  /** The webhook's URL. @default no webhook */
  notifyUrl?: string | undefined;
};

/** The bundle of a registry host, without its secret files. */
export function registryHostBundle(plan: RegistryHostPlan): Bundle {
  return {
    name: "registry",
    owners: "one",
    entryLabel: "registry",
    directories: [
      { path: "/etc/container-registry", mode: "0755" },
      { path: hostPaths.registryConfig, mode: "0755" },
      ...proxies[plan.variant.proxy].directories(plan),
      { path: plan.variant.storagePath, mode: "0755" },
      ...(plan.backup ? [{ path: backupFolder, mode: "0755" } as const] : []),
      ...(plan.notify ? [{ path: notifyFolder, mode: "0755" } as const] : []),
    ],
    files: visibleFiles(plan),
    entries: [],
    formats: [],
    variables: scriptVariables(plan),
    script,
  };
}

/** The files of a registry host that no preview shows. */
export function registryHostSecretFiles(
  plan: ProxyPlan,
  { httpSecret, backup, notifyUrl, ...proxySecrets }: RegistryHostSecrets,
): BundleFile[] {
  const storage = { kind: "filesystem", root: storageRoot } as const;
  const config = distributionConfig({
    address: registryAddress,
    storage,
    httpSecret,
    metrics: plan.monitoring && registryMetricsAddress,
  });
  return [
    ...proxies[plan.variant.proxy].secretFiles(plan, proxySecrets),
    { path: `${hostPaths.registryConfig}/config.yml`, mode: "0600", action: "registry", text: config },
    ...(backup ? backupSecretFiles(backup) : []),
    ...(notifyUrl ? notifySecretFiles(notifyUrl) : []),
  ];
}

function visibleFiles(plan: RegistryHostPlan): BundleFile[] {
  const file = (path: string, action: string, text: string) => ({ path, mode: "0644", action, text }) as const;
  const collected = plan.garbageCollection !== undefined;
  return [
    ...proxies[plan.variant.proxy].files(plan),
    file(hostPaths.compose, "-", compose(plan)),
    file(
      "/etc/systemd/system/container-registry.service",
      "unit",
      registryUnit({ storagePath: plan.variant.storagePath, collected }),
    ),
    ...backupFilesOf(plan),
    ...(plan.ca ? [file(caFile, "-", plan.ca)] : []),
    ...(plan.movedHere ? [file(movedHereFile, "-", `${plan.movedHere}\n`)] : []),
    ...(plan.monitoring ? metricsFiles(plan) : []),
    ...(plan.notify ? notifyFiles({ ...plan, ...plan.notify }) : []),
    ...collectionFiles(plan).map(({ path, text }) => file(path, "unit", text)),
  ];
}

function collectionFiles({ garbageCollection, variant: { storagePath } }: RegistryHostPlan) {
  if (garbageCollection === undefined) return [];
  const { graceDays } = garbageCollection;
  return [
    { path: hostPaths.collect, text: collectScript({ storagePath, graceDays }) },
    { path: "/etc/systemd/system/container-registry-collect.service", text: collectUnit() },
    { path: "/etc/systemd/system/container-registry-collect.timer", text: collectTimer(garbageCollection) },
  ];
}

function backupFilesOf({ backup, variant: { storagePath, proxy } }: RegistryHostPlan): BundleFile[] {
  return backup ? backupFiles({ backup, storagePath, certificates: proxyPaths[proxy].data }) : [];
}

function compose({ variant, containerRegistry }: RegistryHostPlan): string {
  const { proxy, images, memory, storagePath, ui } = variant;
  return composeYaml({
    proxy,
    images: { registry: image(images.registry), proxy: image(images.proxy) },
    memoryMib: { registry: mebibytes(memory.registry), proxy: mebibytes(memory.proxy) },
    storagePath,
    plainPort: plainPort({ variant, containerRegistry }),
    registryAddress,
    ...(ui.kind === "joxit" && { joxit: { image: image(ui.image), host: containerRegistry.host } }),
  });
}

function scriptVariables({
  variant,
  containerRegistry,
  archives,
  uiFiles,
  ca,
  probed,
  backup,
  monitoring,
  movesTo = "",
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
    ...(monitoring ? [Number(splitHost(registryMetricsAddress).port)] : []),
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
    // An ACME server may be slow to issue a certificate, and the proxy retries by itself.
    verify_seconds: tls.kind === "acme" ? "180" : "60",
    images: [
      imageLine(images.registry, archives.registry),
      imageLine(images.proxy, archives.proxy),
      ...(ui.kind === "joxit" ? [imageLine(ui.image, archives.ui)] : []),
    ].join("\n"),
    sending_folder: sendingPath(variant.connection),
    ui: ui.kind,
    ui_files: uiFiles?.files.map(({ name, sha256 }) => `${sha256} ${name}`).join("\n") ?? "",
    ui_sent: uiFiles?.sent ?? "",
    ui_path: uiPath,
    proxy: variant.proxy,
    proxy_image: images.proxy.reference,
    plain_port: String(plainPort({ variant, containerRegistry })),
    probe_repository: probed ? probeRepository(containerRegistry) : "",
    storage_path: variant.storagePath,
    certificates: proxyPaths[variant.proxy].data,
    probe_path: probePath,
    metrics_file: hostMetricsPath,
    install_docker: String(variant.installDocker),
    take_over: String(variant.takeOver),
    requires_auth_for_pull: String(containerRegistry.requiresAuthForPull),
    backup_to: backup?.to.kind ?? "",
    timers: hostTimers.join(" "),
    moves_to: movesTo,
    moved_here_file: movedHereFile,
    delete_data: String(variant.deleteData),
    generation: variant.generation,
  };
}

/** A line for the script: the image, and its archive's hash and path, or two dashes if the image is pulled. */
function imageLine({ reference }: { reference: string }, archive?: { path: string; sha256: string }): string {
  return `${reference} ${archive?.sha256 ?? "-"} ${archive?.path ?? "-"}`;
}

/**
 * curl's options for the host's requests to its own registry. If the stack has its own CA, curl verifies the certificate
 * with it. Otherwise curl verifies nothing and only checks that the registry answers.
 */
function curlTrust(tls: HostTls, ca: string): string {
  if (tls.kind === "none") return "";
  return ca ? `--cacert ${caFile}` : "--insecure";
}

/** The port on which the proxy answers `/healthz` on loopback by plain HTTP, so that the check depends on no certificate. */
function plainPort({
  variant: { tls },
  containerRegistry: { host },
}: Pick<ProxyPlan, "variant" | "containerRegistry">) {
  return tls.kind === "none" ? (splitHost(host).port ?? 80) : 80;
}

function image({ reference, archive }: { reference: string; archive?: string }): Image {
  return archive === undefined ? { kind: "pulled", reference } : { kind: "loaded", id: reference };
}

function mebibytes(size: string): number {
  const amount = Number.parseInt(size, 10);
  return size.endsWith("g") ? amount * 1024 : amount;
}
