import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { stringify } from "yaml";
import { goBinary } from "../go/go-build.ts";
import { distribution } from "../images/registry-images.ts";
import { freePort } from "../network/free-port.ts";
import { password } from "./credentials.ts";
import type { PrivateCa } from "./private-ca.ts";
import { answering, startProcess } from "./server-process.ts";
import type { TokenServer } from "./token-server.ts";

/** Whom distribution asks about clients. */
type Auth =
  /** These accounts may do everything; their passwords are in `credentials.ts`. */
  { kind: "htpasswd"; accounts: readonly string[] } | { kind: "token"; server: TokenServer } | { kind: "none" };

export type DistributionOptions = {
  ca: PrivateCa;
  auth: Auth;
  /** An address of this machine, or a name of one. @default localhost */
  host?: string;
};

export type StartedDistribution = AsyncDisposable & {
  url: string;
  /** `HOST:PORT` */
  host: string;
};

/** Starts distribution as other people have it: without this project's proxy, with TLS and accounts of its own. */
export async function startDistribution({
  ca,
  auth,
  host: name = "localhost",
}: DistributionOptions): Promise<StartedDistribution> {
  const directory = await mkdtemp(join(tmpdir(), "distribution-"));
  await mkdir(join(directory, "storage"));
  const file = async (name: string, text: string) => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  const host = `${name}:${await freePort()}`;
  const { cert, key } = await ca.issue(name);
  const tls = { certificate: await file("cert.pem", cert), key: await file("key.pem", key) };
  const config = {
    version: 0.1,
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, "storage") }, delete: { enabled: true } },
    http: { addr: host, secret: "the lab's own", relativeurls: true, tls },
    ...(await authConfig(auth, file)),
  };
  const args = ["serve", await file("config.yml", stringify(config))];
  const env = { OTEL_TRACES_EXPORTER: "none" };
  const registry = startProcess(await goBinary(distribution), args, join(directory, "registry.log"), env);
  const url = `https://${host}`;
  // Its root answers without credentials.
  await answering(url, "GET /", [registry]);
  return {
    url,
    host,
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** @see https://distribution.github.io/distribution/about/configuration/#auth */
async function authConfig(auth: Auth, file: (name: string, text: string) => Promise<string>) {
  if (auth.kind === "none") return {};
  if (auth.kind === "token") {
    const { realm, service, issuer, keys } = auth.server;
    return { auth: { token: { realm, service, issuer, jwks: await file("keys.json", keys) } } };
  }
  const lines = await Promise.all(auth.accounts.map(async (name) => `${name}:${await hash(password(name), 4)}\n`));
  return { auth: { htpasswd: { realm: "Registry", path: await file("htpasswd", lines.join("")) } } };
}
