import { rememberedRuns } from "../../render/backup/paths.ts";
import { caddyPathOnHost, proxyPaths } from "../../render/compose.ts";
import { hostTimers, serviceOf } from "../../render/host-timers.ts";
import { proxyFiles } from "../../render/proxy/proxy-config.ts";
import { traefikFiles } from "../../render/traefik/traefik.ts";
import { splitHost } from "../../settings/formats/host-name.ts";
import type { HostVariant } from "../../settings/variants/host.ts";
import { shellFiles, shellWord } from "../shell.ts";

const folder = new URL("./", import.meta.url);

/** The systemd units of a registry host, and the unit of Docker. */
const units = [
  "docker.service",
  "container-registry.service",
  ...hostTimers.flatMap((timer) => [timer, serviceOf(timer)]),
];

/** The shell program that reads how a registry host is, as one JSON object. `host` is the registry's HOST[:PORT]. */
export function hostHealthProgram({ storagePath, proxy, tls }: HostVariant, host: string): string {
  const variables = {
    storage: storagePath,
    compose_project: "container-registry",
    certificate_file: tls.kind === "acme" || tls.kind === "none" ? "" : certificateFiles[proxy],
    // Traefik stores what an ACME server issued beside its keys, which are not read.
    certificate_folder: tls.kind === "acme" && proxy === "caddy" ? `${proxyPaths.caddy.data}/caddy/certificates` : "",
    registry_name: splitHost(host).name,
    remembered: rememberedRuns.host,
    units: units.join(" "),
    parts: "docker storage certificates backups systemd",
  };
  const containers = shellFiles(new URL("../registry-host/", import.meta.url), ["project"]);
  const parts = shellFiles(folder, [
    "common",
    "within",
    "docker",
    "storage",
    "certificates",
    "backups",
    "systemd",
    "main",
  ]);
  return assignments(variables) + containers + parts;
}

/** The same program for the two containers that variant hybrid runs on this machine. */
export function hybridHealthProgram({ containerName, storagePath }: { containerName: string; storagePath: string }) {
  const variables = { storage: storagePath, container_name: containerName, parts: "docker storage" };
  return (
    assignments(variables) + shellFiles(folder, ["common", "within", "docker", "containers-by-name", "storage", "main"])
  );
}

/** The same program for the registry's container in a cluster. `storagePath`: where the volume is; undefined with object storage. */
export function podHealthProgram(storagePath: string | undefined): string {
  const parts = storagePath === undefined ? ["version"] : ["version", "storage", "backups"];
  const remembered = `${storagePath}/${rememberedRuns.belowStorage}`;
  const variables = { storage: storagePath ?? "", remembered, parts: parts.join(" ") };
  return assignments(variables) + shellFiles(folder, ["common", "within", ...parts, "main"]);
}

/** How long one program on the machine may take, in seconds. */
const seconds = "3";

const certificateFiles = {
  caddy: caddyPathOnHost(proxyFiles.certificate),
  traefik: traefikFiles.certificate.replace(/^\/etc\/traefik/, proxyPaths.traefik.config),
};

function assignments(variables: Record<string, string>): string {
  return Object.entries({ ...variables, seconds })
    .map(([name, value]) => `${name}=${shellWord(value)}\n`)
    .join("");
}
