import { storageRoot } from "../compose.ts";
import { garbageCollection, noTracing, openFiles } from "../process-environment.ts";

/** What the two containers of a hybrid registry are told apart by. */
export type HybridContainers = {
  /** The proxy's name; all else is named after it. */
  name: string;
  /** On 127.0.0.1. */
  port: number;
  /** The Docker network of the cluster's nodes, which find the proxy there by its name. */
  network: string;
  /** Where the images are on this machine, absolute. */
  storagePath: string;
  /** As `docker create` takes them: by digest, or by the id of what was loaded. */
  images: { registry: string; proxy: string };
  /** `PROJECT/STACK`, which they are marked with beside its owner's id. */
  stack: string;
};

/** Where the proxy listens inside its container, and so for the nodes. */
export const proxyPort = 5000;

/** The storage has no network at all: the proxy finds it by this socket, whichever of the two was started last. */
export const storageSocket = "/run/registry/registry.sock";

export function storageName(name: string): string {
  return `${name}-storage`;
}

/** What `docker volume create` takes: each holds what one container reads, and the third the socket between them. */
export function volumes(name: string) {
  return { proxy: `${name}-config`, storage: `${name}-storage-config`, socket: `${name}-socket` };
}

const memoryMib = { registry: 512, proxy: 512 };

/** The words after `docker create --name NAME` for the proxy, its user aside. */
export function proxyContainer({ name, port, network, storagePath, images }: HybridContainers): string[] {
  const { proxy, socket } = volumes(name);
  return [
    ...hardened(memoryMib.proxy),
    // The official binary has this file capability, and does not start where nobody may have it.
    "--cap-add=NET_BIND_SERVICE",
    `--ulimit=nofile=${openFiles(memoryMib.proxy)}`,
    `--network=${network}`,
    `--publish=127.0.0.1:${port}:${proxyPort}`,
    "--tmpfs=/run/caddy",
    `--mount=type=volume,source=${proxy},target=/etc/caddy,readonly`,
    `--mount=type=volume,source=${socket},target=/run/registry`,
    `--mount=type=bind,source=${storagePath},target=${storageRoot},readonly`,
    ...environment({ XDG_CONFIG_HOME: "/tmp", XDG_DATA_HOME: "/tmp", ...garbageCollection(memoryMib.proxy) }),
    `--health-cmd=wget -q --spider http://127.0.0.1:${proxyPort}/healthz`,
    "--health-interval=10s",
    images.proxy,
    ...["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
  ];
}

/** The same for the storage. */
export function storageContainer({ name, storagePath, images }: HybridContainers): string[] {
  const { storage, socket } = volumes(name);
  return [
    ...hardened(memoryMib.registry),
    "--network=none",
    `--mount=type=volume,source=${storage},target=/etc/distribution,readonly`,
    `--mount=type=volume,source=${socket},target=/run/registry`,
    `--mount=type=bind,source=${storagePath},target=${storageRoot}`,
    ...environment({ ...noTracing, ...garbageCollection(memoryMib.registry) }),
    images.registry,
    "/etc/distribution/config.yml",
  ];
}

function hardened(mebibytes: number): string[] {
  return [
    "--restart=unless-stopped",
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges:true",
    `--memory=${mebibytes}m`,
    // Time for pushes in flight; nobody waits longer than they take.
    "--stop-timeout=300",
    "--log-driver=json-file",
    "--log-opt=max-size=10m",
    "--log-opt=max-file=5",
  ];
}

function environment(variables: Record<string, string>): string[] {
  return Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`);
}
