import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../network/free-port.ts";
import { loopbackCertificate } from "./certificate.ts";
import type { Plugin, StoredCredential } from "./credential.ts";
import { Faults } from "./faults.ts";
import { allPermissions, type Permission, Security } from "./security.ts";
import { type LoggedRequest, listener } from "./serve.ts";
import { type Place, Store } from "./store.ts";

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

/** A Jenkins to give credentials to. */
export interface LabJenkins extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`, no slash at its end. */
  url: string;
  /** PEM of the authority that signed its certificate; the file holds the same. */
  ca: string;
  caFile: string;
  user: string;
  password: string;
  token: string;
  /** May be changed while it runs. */
  permissions: Set<Permission>;
  plugins: Set<Plugin>;
  faults: Faults;
  /** Every request since the first start, as an access log has it: no Authorization, no cookies. */
  requests: LoggedRequest[];
  /** What a job gets bound, secret in clear. */
  credential(id: string, place?: Place): StoredCredential | undefined;
  credentials(place?: Place): StoredCredential[];
  /** By hand, as somebody does in the browser. */
  put(credential: StoredCredential, place?: Place): void;
  remove(id: string, place?: Place): void;
  /** Jenkins goes, and keeps what it has; nobody listens on its port. */
  stop(): Promise<void>;
  /** Back at the same address, sessions forgotten. */
  start(): Promise<void>;
}

/**
 * A fake for Jenkins, which can't be had: its credentials REST API as core and the credentials plugins have it, over
 * HTTPS on loopback. It runs no jobs, and has one user, known by a password and by an API token.
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
  const { ca, certificate, key } = await loopbackCertificate();
  const folder = await mkdtemp(join(tmpdir(), "jenkins-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, ca);

  let server: Server | undefined;
  // Its own while it is down, too.
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
    const next = createServer({ cert: certificate, key }, listener({ security, store, plugins }, faults, requests));
    await new Promise<void>((resolve, reject) => next.once("error", reject).listen(port, "127.0.0.1", resolve));
    server = next;
  };
  await start();

  const entries = (place: Place = {}) => {
    const found = store.entries(place);
    if (!found) throw new Error(`the fake for Jenkins has no ${JSON.stringify(place)}`);
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
    credential: (id, place) => entries(place).get(id),
    credentials: (place) => [...entries(place).values()],
    put: (credential, place) => entries(place).set(credential.id, credential),
    remove: (id, place) => entries(place).delete(id),
    stop,
    start,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
