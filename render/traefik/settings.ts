import { stringify } from "yaml";
import { type Traefik, traefikFiles, traefikPorts } from "./traefik.ts";

/**
 * How long a client may take to send one request, in seconds. Traefik's own 60 s cuts large layers; an hour is enough for
 * 4 GB at 10 Mbit/s.
 * @see Traefik: entryPoints.<name>.transport.respondingTimeouts.readTimeout
 */
const uploadTimeoutSeconds = 3600;

/** How long a restart waits for pushes in flight, in seconds: less than Compose waits for Traefik. */
const graceSeconds = 290;

/** traefik.yml: the settings that Traefik reads only when it starts. */
export function traefikYaml(traefik: Traefik): string {
  const { web, websecure } = traefikPorts(traefik);
  return stringify({
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: "WARN", format: "json" },
    // Traefik writes the access log to Docker's log, which is rotated; Traefik does not rotate files. The log contains
    // names of accounts, and no headers.
    accessLog: { format: "json" },
    ping: { manualRouting: true },
    entryPoints: { web: entryPoint(web), ...(websecure !== undefined && { websecure: entryPoint(websecure) }) },
    // A signal makes Traefik read the files after all are written. With `watch`, Traefik could read an incomplete
    // change.
    providers: { file: { directory: traefikFiles.dynamic, watch: false } },
    ...(traefik.tls.kind === "acme" && { certificatesResolvers: { acme: { acme: resolver(traefik.tls) } } }),
  });
}

/** The limit for a request's line and headers, in bytes, as for Caddy. Go adds 4 KiB of its own. */
const maxHeaderBytes = 4096;

/** How long a connection may stay open between two requests, in seconds. */
const idleSeconds = 30;

function entryPoint(port: number) {
  return {
    address: `:${port}`,
    http: { maxHeaderBytes },
    transport: {
      respondingTimeouts: { readTimeout: `${uploadTimeoutSeconds}s`, idleTimeout: `${idleSeconds}s` },
      lifeCycle: { graceTimeOut: `${graceSeconds}s` },
    },
  };
}

function resolver({ email, directory, directoryCa }: Traefik["tls"] & { kind: "acme" }) {
  return {
    email,
    caServer: directory,
    ...(directoryCa && { caCertificates: [traefikFiles.acmeCa] }),
    storage: traefikFiles.acmeStore,
    keyType: "EC256",
    tlsChallenge: {},
  };
}
