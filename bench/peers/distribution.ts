import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { stringify } from "yaml";
import { distribution } from "../../lab/images/registry-images.ts";
import { freePort } from "../../lab/network/free-port.ts";
import { certificate } from "../../lab/proxy/certificate.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { type Peer, startPeer } from "./peer.ts";

export type Distribution = {
  storage: string;
  /** distribution's own TLS. */
  tls: boolean;
  /** bcrypt's cost of distribution's own htpasswd. @default everyone may push */
  htpasswdCost?: number;
};

/** Starts distribution without a proxy, with the configuration of its official image. */
export async function startDistribution({ storage, tls, htpasswdCost }: Distribution): Promise<Peer> {
  const directory = await mkdtemp(join(tmpdir(), "distribution-"));
  const file = async (name: string, text: string) => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  const addr = `127.0.0.1:${await freePort()}`;
  const config = {
    ...imageDefaults,
    storage: { ...imageDefaults.storage, filesystem: { rootdirectory: storage } },
    http: { ...imageDefaults.http, addr, ...(tls && { tls: await tlsFiles(file) }) },
    ...(htpasswdCost && {
      auth: {
        htpasswd: {
          realm: "registry",
          path: await file("htpasswd", `jenkins:${hashSync(password("jenkins"), htpasswdCost)}\n`),
        },
      },
    }),
  };
  return startPeer({
    binary: distribution,
    args: ["serve", await file("config.yml", stringify(config))],
    env: { OTEL_TRACES_EXPORTER: "none", REGISTRY_HTTP_SECRET: "of the benchmark" },
    directory,
    url: `${tls ? "https" : "http"}://${addr}`,
    question: "GET /",
  });
}

/** @see distribution v3.1.1: cmd/registry/config-example.yml, which the official image carries without its auth */
const imageDefaults = {
  version: 0.1,
  log: { fields: { service: "registry" } },
  storage: { cache: { blobdescriptor: "inmemory" }, tag: { concurrencylimit: 8 } },
  http: { headers: { "X-Content-Type-Options": ["nosniff"] } },
  health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
};

async function tlsFiles(file: (name: string, text: string) => Promise<string>) {
  const { cert, key } = await certificate();
  return { certificate: await file("cert.pem", cert), key: await file("key.pem", key) };
}
