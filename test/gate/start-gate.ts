import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { execa } from "execa";
import { goBinary } from "../../lab/go-build.ts";
import { caddy, distribution } from "../../lab/registry-images.ts";
import { distributionConfig } from "../../render/distribution.ts";
import { accountsFile } from "../../render/gate/accounts-file.ts";
import { caddyfile } from "../../render/gate/caddyfile.ts";
import type { AccountRights, Gate } from "../../render/gate/gate.ts";
import { ask } from "./ask.ts";
import { certificate } from "./certificate.ts";
import { password, token } from "./credentials.ts";
import { freePort } from "./free-port.ts";

/** An account of the tests, without rights unless given. */
export function account(name: string, rights: Partial<AccountRights>): AccountRights {
  return { name, push: [], pull: [], delete: [], ...rights };
}

/** What production renders, except for the places: real caddy and real distribution, as processes on loopback. */
export async function startGate(overrides: Partial<Gate> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "gate-"));
  const storage = join(directory, "storage");
  const [port, plainPort, registryPort] = [await freePort(), await freePort(), await freePort()];
  const upstream = `127.0.0.1:${registryPort}`;
  const gate: Gate = {
    host: `localhost:${port}`,
    tls: { kind: "none" },
    accounts: [account("jenkins", { push: ["**"], delete: ["**"] }), account("team-a", { push: ["team-a/**"] })],
    requiresAuthForPull: false,
    catalogue: "open",
    allowFrom: [],
    upstream,
    storageRoot: storage,
    ...overrides,
  };
  for (const folder of ["storage", "caddy/tls", "caddy/probe", "run", "log", "data"])
    await mkdir(join(directory, folder), { recursive: true });

  const moved = (text: string) =>
    text
      .replaceAll("/etc/caddy", join(directory, "caddy"))
      .replaceAll("/run/caddy", join(directory, "run"))
      .replaceAll("/var/log/caddy", join(directory, "log"))
      .replace("http:// {", `http://:${plainPort} {`);
  const configPath = join(directory, "caddy", "Caddyfile");
  const write = async (written: Gate) => {
    await writeFile(configPath, moved(caddyfile(written)));
    await writeFile(join(directory, "caddy", "accounts.caddy"), accountsFile(written.accounts.map(secretsOf)));
  };
  await write(gate);
  if (gate.tls.kind === "files") {
    const { cert, key } = await certificate();
    await writeFile(join(directory, "caddy/tls/cert.pem"), cert);
    await writeFile(join(directory, "caddy/tls/key.pem"), key);
  }
  const registryConfig = join(directory, "config.yml");
  await writeFile(registryConfig, distributionConfig({ address: upstream, storageRoot: storage }));

  const registry = run(directory, "registry", await goBinary(distribution), ["serve", registryConfig], {
    OTEL_TRACES_EXPORTER: "none",
    REGISTRY_HTTP_SECRET: "of the tests",
  });
  const caddyBinary = await goBinary(caddy);
  const proxy = run(directory, "proxy", caddyBinary, ["run", "--config", configPath], {
    XDG_DATA_HOME: join(directory, "data"),
    XDG_CONFIG_HOME: join(directory, "data"),
  });
  const scheme = gate.tls.kind === "none" ? "http" : "https";
  const started = {
    gate,
    url: `${scheme}://localhost:${port}`,
    plainUrl: `http://localhost:${plainPort}`,
    registryUrl: `http://${upstream}`,
    directory,
    storage,
    registry,
    proxy,
    async accessLog(): Promise<string> {
      return readFile(join(directory, "log", "access.log"), "utf8");
    },
    /** As the host's apply script does it. */
    async reload(changed: Partial<Gate>): Promise<void> {
      await write({ ...gate, ...changed });
      const address = `unix/${join(directory, "run", "admin.sock")}`;
      await execa(caddyBinary, ["reload", "--force", "--config", configPath, "--address", address]);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all([stop(registry), stop(proxy)]);
      await rm(directory, { recursive: true, force: true });
    },
  };
  await ready(started);
  return started;
}

export type StartedGate = Awaited<ReturnType<typeof startGate>>;

function secretsOf({ name }: AccountRights) {
  return { name, passwordHash: hashSync(password(name), 4), token: token(name) };
}

function run(directory: string, name: string, binary: string, args: string[], env: Record<string, string>) {
  const child = spawn(binary, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(join(directory, `${name}.log`));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return child;
}

/** Ends a process at once: what it still holds is thrown away with its folder. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function ready({
  url,
  directory,
  registry,
  proxy,
}: {
  url: string;
  directory: string;
  registry: ChildProcess;
  proxy: ChildProcess;
}) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const status = await ask({ url }, "GET /healthz").then(
      (answer) => answer.status,
      (error: Error) => error.message,
    );
    if (status === 200) return;
    if (registry.exitCode !== null || proxy.exitCode !== null || Date.now() > deadline)
      throw new Error(
        `the gate does not serve (${status}):\n${await readFile(join(directory, "proxy.log"), "utf8")}\n${await readFile(join(directory, "registry.log"), "utf8")}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
