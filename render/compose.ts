import { Document } from "yaml";
import { joxitEnvironment, joxitPort, joxitUser } from "./joxit.ts";
import { garbageCollection, noTracing, openFiles, withoutHttp2 } from "./process-environment.ts";

/** An image on the registry host, pulled from a registry or loaded from an archive. */
export type Image =
  | {
      kind: "pulled";
      /** By digest, as in `docker.io/library/registry@sha256:…`. */
      reference: string;
    }
  | {
      kind: "loaded";
      /** The image's id, as in `sha256:…`. An image that was loaded from an archive has no repository digest. */
      id: string;
    };

/** The program in front of the registry. */
export type ProxyKind = "caddy" | "traefik";

export type RegistryCompose = {
  proxy: ProxyKind;
  images: { registry: Image; proxy: Image };
  /** Limits in MiB. */
  memoryMib: { registry: number; proxy: number };
  /** The host's directory with the stored images. */
  storagePath: string;
  /** The port that answers `/healthz` in plain HTTP on loopback. */
  plainPort: number;
  /** `HOST:PORT` that distribution listens on. */
  registryAddress: string;
  /** joxit's UI. `host` is the registry's name in images. @default none */
  joxit?: { image: Image; host: string };
};

/** Paths on the host. Those of directories are mounted into the containers. */
export const hostPaths = {
  compose: "/etc/container-registry/compose.yaml",
  collect: "/etc/container-registry/collect.sh",
  metrics: "/etc/container-registry/metrics.sh",
  registryConfig: "/etc/container-registry/registry",
  proxyLogs: "/var/log/container-registry",
} as const;

/** Each proxy's directories on the host: its configuration, and its ACME account with the certificates. */
export const proxyPaths = {
  caddy: { config: "/etc/container-registry/caddy", data: "/srv/data/caddy" },
  traefik: { config: "/etc/container-registry/traefik", data: "/srv/data/traefik" },
} as const satisfies Record<ProxyKind, object>;

/** The path on the host of a file below /etc/caddy in the proxy's container. */
export function caddyPathOnHost(path: string): string {
  return path.replace(/^\/etc\/caddy/, proxyPaths.caddy.config);
}

/** joxit's port on the host's loopback. */
export const joxitHostPort = 5001;

/** `HOST:PORT` on a registry host where distribution listens, for the proxy alone. */
export const registryAddress = "127.0.0.1:5000";

/** `HOST:PORT` on a registry host where distribution answers its metrics, for the proxy alone. */
export const registryMetricsAddress = "127.0.0.1:5002";

/** The storage's path in both containers. */
export const storageRoot = "/var/lib/registry";

/** compose.yaml of a registry host. `docker compose up --detach` is enough to start it by hand. */
export function composeYaml(host: RegistryCompose): string {
  const document = new Document({
    name: "container-registry",
    services: {
      registry: registry(host),
      proxy: proxy(host),
      ...(host.joxit && { ui: joxitUi(host.joxit) }),
    },
  });
  document.commentBefore = " The registry, and the proxy that guards it. By hand: docker compose up --detach";
  return document.toString({ lineWidth: 0 });
}

function registry({ images, memoryMib, storagePath, registryAddress }: RegistryCompose) {
  return {
    ...image(images.registry),
    ...hardened(memoryMib.registry),
    environment: { ...noTracing, ...garbageCollection(memoryMib.registry) },
    volumes: [`${hostPaths.registryConfig}:/etc/distribution:ro`, `${storagePath}:${storageRoot}`],
    healthcheck: healthcheck(`http://${registryAddress}/`),
  };
}

function proxy(host: RegistryCompose) {
  const { images, memoryMib, plainPort } = host;
  return {
    ...image(images.proxy),
    ...hardened(memoryMib.proxy),
    cap_add: ["NET_BIND_SERVICE"],
    environment: { ...garbageCollection(memoryMib.proxy), ...(host.proxy === "traefik" && withoutHttp2) },
    ulimits: { nofile: openFiles(memoryMib.proxy) },
    ...proxyFolders[host.proxy](host),
    healthcheck: healthcheck(`http://127.0.0.1:${plainPort}/healthz`),
  };
}

const proxyFolders: Record<ProxyKind, (host: RegistryCompose) => { tmpfs: string[]; volumes: string[] }> = {
  caddy: ({ storagePath }) => ({
    tmpfs: ["/run/caddy", "/tmp", "/config"],
    volumes: [
      `${proxyPaths.caddy.config}:/etc/caddy:ro`,
      `${proxyPaths.caddy.data}:/data`,
      `${hostPaths.proxyLogs}:/var/log/caddy`,
      `${storagePath}:${storageRoot}:ro`,
    ],
  }),
  traefik: () => ({
    tmpfs: ["/tmp"],
    volumes: [`${proxyPaths.traefik.config}:/etc/traefik:ro`, `${proxyPaths.traefik.data}:/data`],
  }),
};

// joxit's root file system is writable, since the image's entrypoint writes the settings into files there.
function joxitUi({ image: joxit, host }: { image: Image; host: string }) {
  const { read_only: _, network_mode: __, ...rest } = hardened(64);
  return {
    ...image(joxit),
    ...rest,
    stop_grace_period: "10s",
    user: `${joxitUser}:${joxitUser}`,
    network_mode: "bridge",
    ports: [`127.0.0.1:${joxitHostPort}:${joxitPort}`],
    environment: joxitEnvironment(host),
    healthcheck: healthcheck(`http://127.0.0.1:${joxitPort}/`),
  };
}

function image(image: Image) {
  return image.kind === "pulled" ? { image: image.reference } : { image: image.id, pull_policy: "never" };
}

function hardened(memoryMib: number) {
  return {
    restart: "unless-stopped",
    // In the host's network the proxy sees client addresses, and its requests to the registry do not pass the slow
    // docker-proxy.
    network_mode: "host",
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    mem_limit: `${memoryMib}m`,
    // Uploads may continue that long. Without uploads the containers stop at once.
    stop_grace_period: "5m",
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } },
  };
}

function healthcheck(url: string) {
  return {
    test: ["CMD", "wget", "-q", "--spider", url],
    interval: "10s",
    timeout: "5s",
    retries: 3,
    start_period: "30s",
  };
}
