import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { htpasswd } from "../../render/cluster-registry/htpasswd.ts";
import { distributionConfig } from "../../render/distribution.ts";
import { routesYaml } from "../../render/traefik/routes.ts";
import { traefikYaml } from "../../render/traefik/settings.ts";
import { accountsWith, type Right, type Traefik, traefikFiles } from "../../render/traefik/traefik.ts";
import { secretsVersionYaml } from "../../render/traefik/version-header.ts";
import { traefik as traefikBinary } from "../cluster/programs.ts";
import { goBinary } from "../go/go-build.ts";
import { distribution } from "../images/registry-images.ts";
import { freePort } from "../network/free-port.ts";
import { certificate } from "./certificate.ts";
import { password } from "./credentials.ts";
import { productionEnvironment } from "./production-environment.ts";
import { answering, type ServerProcess, startProcess } from "./server-process.ts";

export type StartedTraefik = AsyncDisposable & {
  url: string;
  /** URL of the port that is 80 in production. */
  plainUrl: string;
  proxy: ServerProcess;
  /** Changes settings or the certificate as the host's apply script does: it writes the files and sends SIGHUP. */
  reload(changed: Partial<Traefik>, renewed?: Certificate): Promise<void>;
  /** Replaces the text of the file with Traefik's routes, and sends SIGHUP. */
  reloadRoutes(text: string): Promise<void>;
};

/**
 * Starts Traefik and distribution as processes on 127.0.0.1, with the configuration that production renders, in temporary
 * folders.
 */
export async function startTraefik(
  settings: Partial<Traefik>,
  { bcryptCost = 4 }: { bcryptCost?: number } = {},
): Promise<StartedTraefik> {
  const directory = await mkdtemp(join(tmpdir(), "traefik-"));
  const [port, plainPort, registryPort] = [await freePort(), await freePort(), await freePort()];
  const upstream = `127.0.0.1:${registryPort}`;
  const traefik: Traefik = {
    host: `localhost:${port}`,
    tls: { kind: "files" },
    accounts: [],
    catalogue: "open",
    upstream,
    ...settings,
  };
  const moved = (path: string) => path.replace("/etc/traefik", directory);
  const write = (path: string, text: string) =>
    writeFile(
      moved(path),
      text.replaceAll("/etc/traefik", directory).replace("address: :80\n", `address: :${plainPort}\n`),
    );

  for (const folder of ["dynamic", "accounts", "tls", "storage"]) await mkdir(join(directory, folder));
  const first = await certificate();
  await writeAll(traefik, first, write, bcryptCost);

  const config = join(directory, "config.yml");
  const storage = { kind: "filesystem", root: join(directory, "storage") } as const;
  await writeFile(config, distributionConfig({ address: upstream, storage, httpSecret: "the lab's own" }));
  const { registry: registryEnv, proxy: proxyEnv, openFiles } = productionEnvironment("traefik");
  const log = (name: string) => join(directory, `${name}.log`);
  const registry = startProcess(await goBinary(distribution), ["serve", config], log("registry"), registryEnv);
  const args = [`--configFile=${moved(traefikFiles.settings)}`];
  const proxy = startProcess(await goBinary(traefikBinary), args, log("proxy"), proxyEnv, openFiles);
  const url = `${traefik.tls.kind === "none" ? "http" : "https"}://localhost:${port}`;
  // Traefik answers `/healthz` itself, whether distribution serves or not.
  await answering(`http://${upstream}`, "GET /v2/", [registry, proxy]);
  await answering(url, "GET /healthz", [registry, proxy]);

  const { child } = proxy;
  return {
    url,
    plainUrl: `http://localhost:${plainPort}`,
    proxy,
    async reload(changed, renewed = first) {
      await writeAll({ ...traefik, ...changed }, renewed, write, bcryptCost);
      child.kill("SIGHUP");
    },
    async reloadRoutes(text) {
      await write(traefikFiles.routes, text);
      child.kill("SIGHUP");
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([registry[Symbol.asyncDispose](), proxy[Symbol.asyncDispose]()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type Certificate = { cert: string; key: string };
type Write = (path: string, text: string) => Promise<void>;

async function writeAll(traefik: Traefik, { cert, key }: Certificate, write: Write, bcryptCost: number): Promise<void> {
  const users = Object.entries(traefikFiles.users).map(([right, path]) => {
    const accounts = accountsWith(right as Right, traefik.accounts);
    return {
      path,
      text: htpasswd(accounts.map(({ name }) => ({ name, passwordHash: hashSync(password(name), bcryptCost) }))),
    };
  });
  const certificateFiles = [
    { path: traefikFiles.certificate, text: cert },
    { path: traefikFiles.key, text: key },
  ];
  const secrets = [...users, ...certificateFiles];
  for (const { path, text } of secrets) await write(path, text);
  await write(traefikFiles.secretsVersion, secretsVersionYaml(secrets.map(({ text }) => text)));
  await write(traefikFiles.routes, routesYaml(traefik));
  await write(traefikFiles.settings, traefikYaml(traefik));
}
