import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { execa } from "execa";
import { distributionConfig } from "../../render/distribution.ts";
import type { AccountSecrets } from "../../render/proxy/account-secrets.ts";
import { accountsFile } from "../../render/proxy/accounts-file.ts";
import { caddyfile } from "../../render/proxy/caddyfile.ts";
import type { AccountRights, ProxyConfig } from "../../render/proxy/proxy-config.ts";
import { rightsFile } from "../../render/proxy/rights.ts";
import { goBinary } from "../go/go-build.ts";
import { caddy, distribution } from "../images/registry-images.ts";
import { freePort } from "../network/free-port.ts";
import { caddyWithClock, clockVariable } from "./caddy-with-clock.ts";
import { certificate, type ServerCertificate } from "./certificate.ts";
import { password, token } from "./credentials.ts";
import { oneListeningSocket } from "./listening-sockets.ts";
import { productionEnvironment } from "./production-environment.ts";
import { answering, type ServerProcess, startProcess } from "./server-process.ts";

/** An account with the given rights. Its password and token are derived from its name (see `credentials.ts`). */
export function account(name: string, rights: Partial<AccountRights>): AccountRights {
  return { name, push: [], pull: [], delete: [], ...rights };
}

export type StartedProxy = AsyncDisposable & {
  config: ProxyConfig;
  /** URL of the port that serves the registry. For a proxy behind a Kubernetes Service, it is the port for plain HTTP. */
  url: string;
  /** URL of the port that is 80 in production. */
  plainUrl: string;
  /** URL of distribution itself, without the proxy. */
  registryUrl: string;
  readonly registry: ServerProcess;
  readonly server: ServerProcess;
  /** Kills distribution or Caddy with SIGKILL, starts it anew, and waits until it answers. */
  restart(which: "registry" | "server"): Promise<void>;
  directory: string;
  storage: string;
  /** The log of authenticated requests, followed by that of anonymous ones. */
  accessLog(): Promise<string>;
  /**
   * Changes settings or the accounts' secrets: writes the files and forces a reload. Requests after it are answered by the
   * new configuration alone. Requests are not held meanwhile: production's reload is in holding-reload.ts.
   */
  reload(changed: Partial<ProxyConfig>, secrets?: readonly AccountSecrets[]): Promise<void>;
  /** Sets the time of a proxy that was started with the option `now`. */
  setClock(now: Date): Promise<void>;
};

export type StartOptions = {
  bcryptCost?: number;
  /** The proxy's fixed time until `setClock` is called. @default the real time */
  now?: Date;
  /** The folder of the storage, which stays. @default a temporary one */
  storage?: string;
  /** What the proxy with `tls: files` shows. @default a self-signed certificate for localhost */
  certificate?: ServerCertificate;
  /** Offers HTTP/2 too, which production does not (docs/decisions/0014), to measure what that changes. @default false */
  http2?: boolean;
};

/**
 * Starts Caddy and distribution as processes on 127.0.0.1, with the configuration that production renders, in temporary
 * folders.
 */
export async function startProxy(
  settings: Partial<ProxyConfig> = {},
  { bcryptCost = 4, now, storage: given, certificate: shown, http2 = false }: StartOptions = {},
): Promise<StartedProxy> {
  const directory = await mkdtemp(join(tmpdir(), "proxy-"));
  const storage = given ?? join(directory, "storage");
  const [port, plainPort, registryPort] = [await freePort(), await freePort(), await freePort()];
  const config: ProxyConfig = {
    host: `localhost:${port}`,
    tls: { kind: "none" },
    accounts: [account("jenkins", { push: ["**"], delete: ["**"] }), account("team-a", { push: ["team-a/**"] })],
    requiresAuthForPull: false,
    catalogue: "open",
    listens: { kind: "machine" },
    allowFrom: [],
    upstream: `127.0.0.1:${registryPort}`,
    storageRoot: storage,
    ...settings,
  };

  await prepare(directory, config, shown);
  const write = (changed: ProxyConfig, secrets?: readonly AccountSecrets[]) =>
    writeConfiguration({ directory, plainPort, http2 }, changed, secrets ?? secretsOf(changed, bcryptCost));
  await write(config);
  const setClock = (now: Date) => writeFile(clockPath(directory), String(now.getTime() / 1000));
  if (now) await setClock(now);
  const start = {
    registry: () => startRegistry(directory, storage, config),
    server: () => startCaddy(directory, now !== undefined),
  };
  const servers = { registry: await start.registry(), server: await start.server() };
  const url = addressOf(config, port);
  const serving = () => answering(url, "GET /healthz", [servers.registry, servers.server]);
  await serving();

  return {
    config,
    url,
    plainUrl: `http://localhost:${plainPort}`,
    registryUrl: `http://${config.upstream}`,
    get registry() {
      return servers.registry;
    },
    get server() {
      return servers.server;
    },
    async restart(which) {
      await servers[which][Symbol.asyncDispose]();
      servers[which] = await start[which]();
      await serving();
    },
    directory,
    storage,
    accessLog: () => (config.listens.kind === "service" ? servers.server.log() : bothLogs(join(directory, "log"))),
    setClock,
    async reload(changed, secrets) {
      await write({ ...config, ...changed }, secrets);
      await execa(await goBinary(caddy), ["reload", "--force", ...reloadArguments(directory)]);
      await Promise.all([Number(new URL(url).port), plainPort].map(oneListeningSocket));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(servers).map((each) => each[Symbol.asyncDispose]()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The arguments of `caddy reload` for the proxy in the folder. */
export function reloadArguments(directory: string): string[] {
  return ["--config", caddyfilePath(directory), "--address", `unix/${join(directory, "run/admin.sock")}`];
}

function addressOf({ listens, tls }: ProxyConfig, port: number): string {
  if (listens.kind === "service") return `http://localhost:${listens.plainPort}`;
  return `${tls.kind === "none" ? "http" : "https"}://localhost:${port}`;
}

async function bothLogs(folder: string): Promise<string> {
  const texts = ["access.log", "anonymous.log"].map((name) => readFile(join(folder, name), "utf8"));
  return (await Promise.all(texts)).join("");
}

async function prepare(directory: string, { tls }: ProxyConfig, shown: StartOptions["certificate"]): Promise<void> {
  for (const folder of ["storage", "caddy/tls", "caddy/probe", "run", "log", "data"])
    await mkdir(join(directory, folder), { recursive: true });
  if (tls.kind !== "files") return;
  const { cert, key } = shown ?? (await certificate());
  await writeFile(join(directory, "caddy/tls/cert.pem"), cert);
  await writeFile(join(directory, "caddy/tls/key.pem"), key);
}

async function writeConfiguration(
  { directory, plainPort, http2 }: { directory: string; plainPort: number; http2: boolean },
  proxy: ProxyConfig,
  secrets: readonly AccountSecrets[],
): Promise<void> {
  const move = (text: string) =>
    text
      .replaceAll("/etc/caddy", join(directory, "caddy"))
      .replaceAll("/run/caddy", join(directory, "run"))
      .replaceAll("/var/log/caddy", join(directory, "log"))
      .replace("http:// {", `http://:${plainPort} {`)
      .replace("protocols h1\n", `protocols ${http2 ? "h1 h2" : "h1"}\n`);
  await writeFile(caddyfilePath(directory), move(caddyfile(proxy)));
  await writeFile(join(directory, "caddy/accounts.caddy"), move(accountsFile(secrets)));
  if (proxy.rightsFile !== undefined) await writeFile(move(proxy.rightsFile), rightsFile(proxy));
}

async function startRegistry(directory: string, root: string, proxy: ProxyConfig): Promise<ServerProcess> {
  const { upstream: address, metrics } = proxy;
  const storage = { kind: "filesystem", root } as const;
  const config = join(directory, "config.yml");
  const text = distributionConfig({ address, storage, httpSecret: "the lab's own", metrics: metrics?.registry });
  await writeFile(config, text);
  return startProcess(await goBinary(distribution), ["serve", config], join(directory, "registry.log"), {
    ...productionEnvironment().registry,
  });
}

async function startCaddy(directory: string, withClock: boolean): Promise<ServerProcess> {
  const data = join(directory, "data");
  const args = ["run", "--config", caddyfilePath(directory)];
  const { proxy, openFiles } = productionEnvironment();
  const env = { ...proxy, XDG_DATA_HOME: data, XDG_CONFIG_HOME: data };
  const program = await goBinary(withClock ? caddyWithClock : caddy);
  const clock = { [clockVariable]: withClock ? clockPath(directory) : "" };
  return startProcess(program, args, join(directory, "proxy.log"), { ...env, ...clock }, openFiles);
}

function clockPath(directory: string): string {
  return join(directory, "clock");
}

function caddyfilePath(directory: string): string {
  return join(directory, "caddy/Caddyfile");
}

function secretsOf({ accounts }: ProxyConfig, bcryptCost: number): AccountSecrets[] {
  return accounts.map(({ name }) => ({
    name,
    passwordHash: hashSync(password(name), bcryptCost),
    token: token(name),
  }));
}
