import { storageRoot } from "../compose.ts";
import { garbageCollection, noTracing, openFiles } from "../process-environment.ts";

/** What the two containers of a hybrid registry are created from. */
export type HybridContainers = {
  /** The proxy container's name, and the prefix of every other name. */
  name: string;
  /** The port on this machine's 127.0.0.1 that leads to the proxy. */
  port: number;
  /** The Docker network of the cluster's nodes, where they resolve the proxy by its name. */
  network: string;
  /** The absolute path of the stored images on this machine. */
  storagePath: string;
  /** References for `docker create`: by digest, or by the id of a loaded image. */
  images: { registry: string; proxy: string };
  /** `PROJECT/STACK`, the value of a label beside the owner's id. */
  stack: string;
};

/** The port that the proxy listens on in its container, and that nodes connect to. */
export const proxyPort = 5000;

/**
 * The Unix socket between the proxy and distribution, whose container has no network. Either container may start first.
 */
export const storageSocket = "/run/registry/registry.sock";

export function storageName(name: string): string {
  return `${name}-storage`;
}

/** The Docker volumes: one with each container's configuration, and one with the socket between them. */
export function volumes(name: string) {
  return { proxy: `${name}-config`, storage: `${name}-storage-config`, socket: `${name}-socket` };
}

const memoryMib = { registry: 512, proxy: 512 };

/** The arguments after `docker create --name NAME` for the proxy, without its user. */
export function proxyContainer({ name, port, network, storagePath, images }: HybridContainers): string[] {
  const { proxy, socket } = volumes(name);
  return [
    ...hardened(memoryMib.proxy),
    // Caddy's binary in the official image has this file capability, and does not start in a container without it.
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

/** The arguments after `docker create --name NAME` for distribution, without its user. */
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
    // A stopping container lets uploads continue for so many seconds. Without uploads it stops at once.
    "--stop-timeout=300",
    "--log-driver=json-file",
    "--log-opt=max-size=10m",
    "--log-opt=max-file=5",
  ];
}

function environment(variables: Record<string, string>): string[] {
  return Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`);
}
