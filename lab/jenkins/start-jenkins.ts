import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../network/free-port.ts";
import { privateCa } from "../proxy/certificate.ts";
import type { Plugin, StoredCredential } from "./credential.ts";
import { Faults } from "./faults.ts";
import { allPermissions, type Permission, Security } from "./security.ts";
import { type LoggedRequest, listener } from "./serve.ts";
import { type DomainPath, Store } from "./store.ts";

export type JenkinsOptions = {
  /** Domains of each store, besides the global one. @default none */
  domains?: string[];
  /** Folders, which have stores of their own, as in `team/apps`. @default none */
  folders?: string[];
  /** What its user may do. @default everything */
  permissions?: readonly Permission[];
  /** @default both */
  plugins?: Plugin[];
};

/** A running fake of Jenkins with its credentials API. */
export interface LabJenkins extends AsyncDisposable {
  /** The server's URL, `https://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** The PEM text of the CA that signed the server's certificate. The file `caFile` contains the same text. */
  ca: string;
  caFile: string;
  user: string;
  password: string;
  token: string;
  /** The user's permissions. A test may change them while the server runs. */
  permissions: Set<Permission>;
  plugins: Set<Plugin>;
  faults: Faults;
  /** Every request since the first start, without Authorization headers and cookies. */
  requests: LoggedRequest[];
  /** A credential with its decrypted secret, as a Jenkins job gets it. */
  credential(id: string, path?: DomainPath): StoredCredential | undefined;
  credentials(path?: DomainPath): StoredCredential[];
  /** Stores a credential without the API, as a user does in the browser. */
  put(credential: StoredCredential, path?: DomainPath): void;
  remove(id: string, path?: DomainPath): void;
  /** Stops the server. Its credentials stay. */
  stop(): Promise<void>;
  /** Starts the server again at the same address. Its earlier sessions are lost. */
  start(): Promise<void>;
}

/**
 * Starts a fake of Jenkins: the REST API of Jenkins core and its credentials plugins, over HTTPS on 127.0.0.1. It runs no jobs,
 * and has one user with a password and an API token.
 *
 * @example
 * await using jenkins = await startJenkins();
 * config: { jenkins: { url: jenkins.url, user: jenkins.user, caFile: jenkins.caFile } }, secrets: { jenkinsToken: jenkins.token }
 * jenkins.credential("container-registry") // { kind: "username-password", username, password, … }
 * jenkins.faults.dieAfterWrites(1); await jenkins.start()
 */
export async function startJenkins(options: JenkinsOptions = {}): Promise<LabJenkins> {
  const { domains = [], folders = [], permissions = allPermissions } = options;
  const user = {
    name: "admin",
    password: `p:${randomBytes(9).toString("hex")}`,
    token: `11${randomBytes(16).toString("hex")}`,
  };
  const security = new Security(user, permissions);
  const store = new Store(folders, domains);
  const plugins = new Set(options.plugins ?? (["credentials", "plain-credentials"] as const));
  const requests: LoggedRequest[] = [];
  const { certificate: ca, issue } = await privateCa("Container Registry Lab Jenkins");
  const certificate = await issue("localhost", "127.0.0.1");
  const folder = await mkdtemp(join(tmpdir(), "jenkins-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, ca);

  let server: Server | undefined;
  // The port stays reserved for the server even while it is stopped.
  const port = await freePort();
  const stop = async () => {
    const running = server;
    server = undefined;
    if (!running) return;
    const closed = new Promise((resolve) => running.close(resolve));
    running.closeAllConnections();
    await closed;
  };
  const faults = new Faults(() => server?.close());
  const start = async () => {
    await stop();
    security.restart();
    const next = createServer(certificate, listener({ security, store, plugins }, faults, requests));
    await new Promise<void>((resolve, reject) => next.once("error", reject).listen(port, "127.0.0.1", resolve));
    server = next;
  };
  await start();

  const entries = (path: DomainPath = {}) => {
    const found = store.entries(path);
    if (!found) throw new Error(`the fake Jenkins has no domain ${JSON.stringify(path)}`);
    return found;
  };
  return {
    url: `https://127.0.0.1:${port}`,
    ca,
    caFile,
    user: user.name,
    password: user.password,
    token: user.token,
    permissions: security.permissions,
    plugins,
    faults,
    requests,
    credential: (id, path) => entries(path).get(id),
    credentials: (path) => [...entries(path).values()],
    put: (credential, path) => entries(path).set(credential.id, credential),
    remove: (id, path) => entries(path).delete(id),
    stop,
    start,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
