import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { stringify } from "yaml";
import { goBinary } from "../go/go-build.ts";
import { distribution } from "../images/registry-images.ts";
import { freePort } from "../network/free-port.ts";
import type { ServerCertificate } from "./certificate.ts";
import { answering, startProcess } from "./server-process.ts";
import type { TokenServer } from "./token-server.ts";

/** Whom distribution asks about clients. */
type Auth =
  /** Passwords by account name. Each account may do everything. */
  { kind: "htpasswd"; passwords: Record<string, string> } | { kind: "token"; server: TokenServer };

export type DistributionOptions = {
  /** @default none: plain HTTP */
  certificate?: ServerCertificate;
  /** @default none: anybody may do everything */
  auth?: Auth;
  /** A loopback address, or its name. @default localhost */
  host?: string;
};

export type StartedDistribution = AsyncDisposable & {
  url: string;
  /** `HOST:PORT` */
  host: string;
  /** The folder of its storage. */
  storage: string;
};

/** Starts distribution as other people have it: without this project's proxy. */
export async function startDistribution({
  certificate,
  auth,
  host: name = "localhost",
}: DistributionOptions = {}): Promise<StartedDistribution> {
  const directory = await mkdtemp(join(tmpdir(), "distribution-"));
  const storage = join(directory, "storage");
  const file = async (name: string, text: string) => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  const host = `${name}:${await freePort()}`;
  const tls = certificate && {
    certificate: await file("cert.pem", certificate.cert),
    key: await file("key.pem", certificate.key),
  };
  const config = {
    version: 0.1,
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: host, secret: "the lab's own", relativeurls: true, ...(tls && { tls }) },
    ...(auth && (await authConfig(auth, file))),
  };
  const args = ["serve", await file("config.yml", stringify(config))];
  const env = { OTEL_TRACES_EXPORTER: "none" };
  const registry = startProcess(await goBinary(distribution), args, join(directory, "registry.log"), env);
  const url = `${tls ? "https" : "http"}://${host}`;
  // Its root answers without credentials.
  await answering(url, "GET /", [registry]);
  return {
    url,
    host,
    storage,
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** @see https://distribution.github.io/distribution/about/configuration/#auth */
async function authConfig(auth: Auth, file: (name: string, text: string) => Promise<string>) {
  if (auth.kind === "token") {
    const { realm, service, issuer, keys } = auth.server;
    return { auth: { token: { realm, service, issuer, jwks: await file("keys.json", keys) } } };
  }
  const accounts = Object.entries(auth.passwords).map(
    async ([name, password]) => `${name}:${await hash(password, 4)}\n`,
  );
  const path = await file("htpasswd", (await Promise.all(accounts)).join(""));
  return { auth: { htpasswd: { realm: "Registry", path } } };
}
