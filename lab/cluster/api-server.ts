import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { stringify } from "yaml";
import { ensurePrograms } from "../debian/debian.ts";
import { goBinary } from "../go/go-build.ts";
import { freePort } from "../network/free-port.ts";
import { type ServerProcess, startProcess } from "../proxy/server-process.ts";
import { kubernetes } from "./kubernetes.ts";

/** A Kubernetes API server without nodes, to test clients of the API with. */
export type ApiServer = AsyncDisposable & {
  /** Kubeconfig in YAML, with a context `lab` that has all permissions. */
  kubeconfig: string;
  /** Path of a file with the same kubeconfig. */
  kubeconfigFile: string;
  /** The TCP port on 127.0.0.1 that the server listens on. */
  port: number;
  /** Runs the real kubectl and returns its trimmed output. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
};

export type ApiServerOptions = {
  /** Which controllers run beside it. @default those that make deletion work */
  controllers?: readonly string[];
  /** Where to listen. @default any free port */
  port?: number;
};

/** Without these controllers, objects deleted in the foreground and namespaces are never removed. */
const deleting = ["garbage-collector-controller", "namespace-controller"];

/** Starts etcd, kube-apiserver and some controllers as processes on 127.0.0.1, and waits until the API server is ready. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { controllers = deleting } = options;
  await ensurePrograms(
    { etcd: ["etcd-server"] },
    "no etcd was found on the PATH; install Debian's etcd-server, or etcd from https://etcd.io/",
  );
  const [apiServer, manager, kubectl] = await Promise.all(
    (["kube-apiserver", "kube-controller-manager", "kubectl"] as const).map((name) => goBinary(kubernetes(name))),
  );
  const folder = await mkdtemp(join(tmpdir(), "api-server-"));
  const servers: ServerProcess[] = [];
  const start = (binary: string, args: string[]) =>
    servers.unshift(startProcess(binary, args, join(folder, "log"), { HOME: folder }));
  const stop = async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const [etcdPort, peerPort, port] = [await freePort(), await freePort(), options.port ?? (await freePort())];
    await writeKeys(folder);
    start("etcd", etcdFlags(folder, etcdPort, peerPort));
    start(apiServer as string, apiServerFlags(folder, etcdPort, port));
    await ready(port, folder, servers);

    const kubeconfigFile = join(folder, "kubeconfig");
    const kubeconfig = await kubeconfigFor(folder, port);
    await writeFile(kubeconfigFile, kubeconfig, { mode: 0o600 });
    start(manager as string, managerFlags(folder, kubeconfigFile, controllers));
    const run = async (args: readonly string[], input = "") =>
      (await execa(kubectl as string, ["--kubeconfig", kubeconfigFile, ...args], { input })).stdout.trim();
    return { kubeconfig, kubeconfigFile, port, kubectl: run, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function writeKeys(folder: string): Promise<void> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await writeFile(join(folder, "service-account.key"), privateKey, { mode: 0o600 });
  await writeFile(join(folder, "tokens.csv"), `${token},lab,lab,"system:masters"\n`, { mode: 0o600 });
}

/** The token of the API's only user. It need not be secret: the server listens only on 127.0.0.1 and exits after its test. */
const token = "a-token-of-the-lab";

function etcdFlags(folder: string, port: number, peerPort: number): string[] {
  const url = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    ...["--data-dir", join(folder, "etcd"), "--listen-client-urls", url, "--advertise-client-urls", url],
    ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", `default=${peer}`],
    // No data is needed after the test.
    "--unsafe-no-fsync",
  ];
}

function apiServerFlags(folder: string, etcdPort: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--secure-port=${port}`,
    "--bind-address=127.0.0.1",
    // The server writes its own certificate there.
    `--cert-dir=${folder}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://lab",
    `--service-account-key-file=${join(folder, "service-account.key")}`,
    `--service-account-signing-key-file=${join(folder, "service-account.key")}`,
    // This plugin would wait for a controller that is not started.
    "--disable-admission-plugins=ServiceAccount",
  ];
}

function managerFlags(folder: string, kubeconfigFile: string, controllers: readonly string[]): string[] {
  return [
    `--kubeconfig=${kubeconfigFile}`,
    `--controllers=${controllers.join(",")}`,
    `--cert-dir=${folder}`,
    "--secure-port=0",
    "--leader-elect=false",
  ];
}

async function ready(port: number, folder: string, servers: readonly ServerProcess[]): Promise<void> {
  const deadline = Date.now() + 120_000;
  // The server creates this namespace last, after it already reports that it is ready.
  while (!((await answers(port, folder, "/readyz")) && (await answers(port, folder, "/api/v1/namespaces/default")))) {
    if (servers.some(({ child }) => child.exitCode !== null) || Date.now() > deadline)
      throw new Error(`kube-apiserver does not serve:\n${(await servers[0]?.log())?.slice(-4000)}`);
    await setTimeout(50);
  }
}

async function answers(port: number, folder: string, path: string): Promise<boolean> {
  const ca = await readFile(join(folder, "apiserver.crt")).catch(() => undefined);
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`https://127.0.0.1:${port}${path}`, { ca, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("error", () => resolve(false)).end();
  });
}

async function kubeconfigFor(folder: string, port: number): Promise<string> {
  const ca = await readFile(join(folder, "apiserver.crt"));
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "lab",
        cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": ca.toString("base64") },
      },
    ],
    users: [{ name: "lab", user: { token } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
    "current-context": "lab",
  });
}
