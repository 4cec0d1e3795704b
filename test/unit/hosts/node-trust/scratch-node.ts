import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { removeScript, standardInput } from "../../../../hosts/apply/apply-script.ts";
import type { Bundle } from "../../../../hosts/apply/bundle.ts";
import {
  nodeTrustBundle,
  nodeTrustSecretEntries,
  type ProbedRegistry,
  type TrustingNode,
} from "../../../../hosts/node-trust/node-trust.ts";
import { type Outcome, ScratchHost } from "../scratch-host.ts";
import { type Shell, shells } from "../shells.ts";

// Hundreds of small programs a test: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 });

/** What a node has besides its runtime. Nothing of this machine's own docker or systemctl is in reach. */
const tools =
  "awk base64 basename cat chmod chown cmp cp cut date dirname env find flock grep gzip head id ls mkdir mktemp mv paste printf readlink rm rmdir sed sh sha256sum sleep sort stat tail tee touch tr true uniq wc";

const registryHost = "registry.example.org:5000";

const node: Omit<TrustingNode, "runtime"> = {
  machine: "node-1",
  connection: { kind: "local" },
  restart: false,
  takeOver: false,
  verify: "none",
  generation: "",
};

type Trust = Partial<TrustingNode> & {
  plain?: boolean;
  /** What else images are named by, and where the node finds them. */
  elsewhere?: Partial<Pick<ProbedRegistry, "aliases" | "nodeUrls">>;
  auth?: { username: string; password: string };
  /** @default registryHost */
  host?: string;
  /** For the script, over its own. */
  variables?: Record<string, string>;
};

/** A folder that plays a node: the real scripts, with programs of the node that the test writes. */
export class ScratchNode {
  readonly #runtime: TrustingNode["runtime"];
  readonly #bin: string;
  readonly #host: ScratchHost;

  constructor(runtime: TrustingNode["runtime"], shell = shells[0]) {
    if (!shell) throw new Error("no shell");
    this.#runtime = runtime;
    this.#host = new ScratchHost({ ...shell });
    this.#bin = join(this.#host.folder, "bin");
    this.#host.shell.path = this.#bin;
    mkdirSync(this.#bin);
    for (const tool of tools.split(" ")) symlinkSync(programOf(shell, tool), join(this.#bin, tool));
    this.has("pidof", "exit 1");
  }

  /** Installs a program that notes each call of it and does what the shell text says. */
  has(program: string, text = ":"): void {
    const file = join(this.#bin, program);
    // Perhaps a link to this machine's own program, which is not to be written through.
    rmSync(file, { force: true });
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "${program} $*" >>'${this.#host.calls}'\n${text}\n`);
    chmodSync(file, 0o755);
  }

  /** Has systemctl know these units, in the state given. */
  hasUnits(units: Record<string, string>, more = ""): void {
    const states = Object.entries(units).map(([unit, state]) => `"is-active ${unit}") echo ${state} ;;`);
    this.has("systemctl", `case "$*" in ${states.join(" ")} is-active*) exit 3 ;; ${more} esac`);
  }

  /** Has curl and the runtime's kubectl tell that the node is Ready, or what of it is not. */
  isReady(but: { kubelet?: string; api?: string; node?: string } = {}): void {
    const { kubelet = "ok", api = "exit 0", node = "True" } = but;
    this.has("curl", `case "$*" in *10248*) echo '${kubelet}' ;; esac`);
    const kubectl = `case "$*" in *readyz*) ${api} ;; *nodes*) echo "$(cat /proc/sys/kernel/random/boot_id) ${node}" ;; esac`;
    this.has("k3s", kubectl);
  }

  /** What was called since it was last asked, reads aside. */
  takeCalls(): string[] {
    if (!existsSync(this.#host.calls)) return [];
    return this.#host
      .takeCalls()
      .filter(
        (call) => !/^(pidof|systemctl (is-active|show|cat)|containerd .*config|curl .*10248|k3s kubectl)/.test(call),
      );
  }

  /** A path of the node, as in /etc/hosts, where it lies here. */
  path(path: string): string {
    return join(this.#host.folder, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string | undefined {
    return existsSync(this.path(path))
      ? readFileSync(this.path(path), "utf8").replaceAll(this.#host.folder, "")
      : undefined;
  }

  mode(path: string): number {
    return statSync(this.path(path)).mode & 0o777;
  }

  async trust({ plain = false, elsewhere, auth, variables, ...more }: Trust = {}): Promise<Outcome> {
    const { host = registryHost } = more;
    const url = `${plain ? "http" : "https"}://${host}`;
    const registry = {
      ...{ host, url, aliases: [], nodeUrls: [url], ...elsewhere },
      ca: plain ? "" : "the CA\n",
      probeImage: `${host}/container-registry-probe:1`,
    };
    const trusting = { ...node, runtime: this.#runtime, ...more };
    const entries = auth ? nodeTrustSecretEntries(trusting, registry, auth) : [];
    const bundle = this.#bundle(nodeTrustBundle(trusting, registry, auth !== undefined), variables);
    return this.#spoken(await this.#host.applyBundle(bundle, { entries: this.#here(entries) }));
  }

  async distrust(more: Partial<TrustingNode> = {}): Promise<Outcome> {
    const url = `https://${registryHost}`;
    const registry = { host: registryHost, url, aliases: [], nodeUrls: [url], ca: "the CA\n", probeImage: "" };
    const bundle = this.#bundle(nodeTrustBundle({ ...node, runtime: this.#runtime, ...more }, registry));
    return this.#spoken(await this.#host.run(removeScript(bundle), standardInput(bundle, this.#host.applicant, [])));
  }

  #bundle(given: Bundle, variables: Record<string, string> = {}): Bundle {
    const bundle = this.#here(given);
    return { ...bundle, variables: { ...bundle.variables, ...variables, state: this.#host.state } };
  }

  /** The same with the node's absolute paths below the folder, in the script too. */
  #here<T>(given: T): T {
    const { folder } = this.#host;
    return JSON.parse(JSON.stringify(given).replaceAll(/(?<![\w/])\/(etc|var\/snap)\//g, `${folder}/$1/`));
  }

  /** What it said, with the node's own paths. */
  #spoken({ status, summary, words }: Outcome): Outcome {
    const own = (text: string) => text.replaceAll(this.#host.folder, "");
    return { status, summary: own(summary), words: own(words) };
  }

  [Symbol.dispose](): void {
    this.#host[Symbol.dispose]();
  }
}

function programOf({ name, path }: Shell, tool: string): string {
  const found = path
    .split(":")
    .map((folder) => join(folder, tool))
    .find(existsSync);
  if (found === undefined) throw new Error(`${name} has no ${tool}`);
  return found;
}
