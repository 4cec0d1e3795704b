import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { configData, type NodeDaemonSetPlan } from "../../../../render/node-daemon-set.ts";
import { podSpec, podVariables } from "../../../../render/node-daemon-set-pod.ts";
import type { TrustedRegistry } from "../../../../render/trusted-registry.ts";
import { NodeDaemonSet } from "../../../../settings/node-daemon-set.ts";
import { type Shell, sparseShells } from "../../hosts/shells.ts";
import { FakeServer } from "./fake-server.ts";
import { loopbackCertificate } from "./loopback-certificate.ts";

// Each look at a node is a dozen processes.
vi.setConfig({ testTimeout: 30_000 });

const image = { reference: `docker.io/curlimages/curl@sha256:${"0".repeat(64)}` };

type StartOptions = Partial<Pick<TrustedRegistry, "ca" | "aliases" | "nodeUrls">> & {
  variables?: Record<string, string>;
};

/** A folder that plays the node: the real program, run by a real shell, with the node's files in there. */
export class ScratchNode {
  readonly folder = mkdtempSync(join(tmpdir(), "scratch-node-"));
  readonly server = new FakeServer();
  /** All that the pods here have printed. */
  log = "";
  private pod: { process: ChildProcess; closed: Promise<unknown> } | undefined;
  private port = 0;
  private environment: Record<string, string> = {};
  private readonly shell: Shell;

  constructor([shell] = sparseShells) {
    if (shell === undefined) throw new Error("no shell to test with");
    this.shell = shell;
    mkdirSync(join(this.folder, "bin"));
    symlinkSync(execFileSync("which", ["curl"], { encoding: "utf8" }).trim(), join(this.folder, "bin/curl"));
    for (const each of ["host/etc/containerd/certs.d", "host/var/lib", "config", "scratch", "account"])
      mkdirSync(join(this.folder, each), { recursive: true });
    writeFileSync(join(this.folder, "account/token"), "a token\n");
    writeFileSync(join(this.folder, "account/ca.crt"), loopbackCertificate);
  }

  /** Where a path of the node is. */
  path(path: string): string {
    return join(this.folder, "host", path);
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  /** Of the registry at 127.0.0.1, with its port. */
  get directory(): string {
    return `/etc/containerd/certs.d/registry.example.org_${this.port}_`;
  }

  /** The port of the registry, and of the API server. */
  async listen(): Promise<number> {
    if (this.port === 0) this.port = await this.server.start();
    return this.port;
  }

  /** Starts a pod with the stack's `nodeDaemonSet`; containerd's unless it says otherwise. */
  async start(
    daemonSet: Partial<NodeDaemonSet> = {},
    { ca = loopbackCertificate, variables = {}, ...elsewhere }: StartOptions = {},
  ): Promise<this> {
    const host = `registry.example.org:${await this.listen()}`;
    const plan = {
      daemonSet: NodeDaemonSet.parse({ runtime: "containerd", image, hostsEntry: "127.0.0.1", ...daemonSet }),
      registry: { host, aliases: [], url: `https://${host}`, nodeUrls: [`https://${host}`], ca, ...elsewhere },
    };
    const at = (name: string) => join(this.folder, name);
    const places = {
      root: at("host"),
      config: at("config"),
      program: at("config"),
      scratch: at("scratch"),
      account: at("account"),
    };
    const api = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(this.port) };
    const all = { ...environmentOf(plan), ...places, ...api, period: "0.2", retry: "0.05", ...variables };
    this.environment = { ...all, PATH: `${join(this.folder, "bin")}:${this.shell.path}` };
    // The kubelet makes what it mounts.
    const { state, trust, hosts_line } = podVariables(plan);
    for (const directory of [state, trust]) mkdirSync(this.path(directory), { recursive: true });
    if (hosts_line !== "" && !this.has("/etc/hosts")) this.write("/etc/hosts", "");
    for (const [key, text] of Object.entries(configData(plan))) writeFileSync(at(`config/${key}`), text);
    rmSync(at("scratch/verdict"), { force: true });

    const pod = spawn(this.shell.sh, [at("config/main.sh"), "run"], { env: this.environment });
    for (const stream of [pod.stdout, pod.stderr])
      stream.on("data", (chunk) => {
        this.log += chunk;
      });
    this.pod = { process: pod, closed: new Promise((resolve) => pod.on("close", resolve)) };
    return this;
  }

  /** Why the node is not ready; `ready` where it is. */
  verdict(): string {
    const file = join(this.folder, "scratch/verdict");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd() : "";
  }

  async becomes(verdict: string | RegExp): Promise<void> {
    await vi
      .waitUntil(() => this.verdict().match(verdict), { interval: 5, timeout: 10_000 })
      .catch(() => {
        throw new Error(`the node is not ${verdict} but: ${this.verdict()}; log: ${this.log}`);
      });
  }

  /** Waits until the program has looked at all of the node once more. */
  async looksAgain(): Promise<void> {
    for (let looks = 0; looks < 2; looks++) {
      const file = join(this.folder, "scratch/verdict");
      const { ino } = statSync(file);
      await vi.waitUntil(() => statSync(file, { throwIfNoEntry: false })?.ino !== ino, {
        interval: 5,
        timeout: 10_000,
      });
    }
  }

  /** Stops the program while the action runs, so that it puts nothing right meanwhile. */
  whilePaused<T>(action: () => T): T {
    this.pod?.process.kill("SIGSTOP");
    try {
      return action();
    } finally {
      this.pod?.process.kill("SIGCONT");
    }
  }

  /** What the kubelet's probe says. */
  probe(): { ok: boolean; says: string } {
    const args = [join(this.folder, "config/main.sh"), "ready"];
    const { status, stdout } = spawnSync(this.shell.sh, args, { env: this.environment, encoding: "utf8" });
    return { ok: status === 0, says: stdout.trimEnd() };
  }

  /** Ends the pod as the kubelet does, and hands back what it said to that. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<string> {
    const { pod } = this;
    if (pod === undefined) return "";
    this.pod = undefined;
    const before = this.log.length;
    pod.process.kill(signal);
    await pod.closed;
    return this.log.slice(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGKILL");
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** As the container has it. */
function environmentOf(plan: NodeDaemonSetPlan): Record<string, string> {
  const variables = podSpec(plan, "config").containers.flatMap(({ env }) => env);
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}
