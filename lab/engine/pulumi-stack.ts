import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { cacheDirectory } from "../cache.ts";
import { kubernetes } from "../cluster/kubernetes.ts";
import { exists } from "../exists.ts";
import { goBinaryPath } from "../go/go-build.ts";
import { engine } from "./engine.ts";
import { type PulumiResult, type RunningPulumi, startPulumi, succeeded } from "./pulumi-command.ts";
import { configKey, type StackSettings, stackSettings, writeConfig } from "./stack-settings.ts";

export type StackOptions = {
  name: string;
  /** Plain values: scalars, lists or objects. Keys of this project need no `<project>:` prefix. */
  config?: Record<string, unknown>;
  /** Secret values. `pulumi config set --secret` reads each of them from stdin. */
  secrets?: Record<string, string>;
  /** Folder with Pulumi.yaml and the program. @default the checkout */
  projectDir?: string;
  /** Folder for state, passphrase and stack file, which stays after the test. @default a temporary folder, removed at the end */
  stateDir?: string;
  /**
   * Where the stack file goes. The project's own folder makes a bare `pulumi preview` find it, and writes into the
   * checkout. @default `settings` in stateDir, named to each command by `--config-file`
   */
  settingsDir?: string;
};

export type CommandOptions = {
  /** Additional flags, as in `["--debug"]` or `["-v=3", "--logtostderr"]`. */
  flags?: string[];
  /** Additional environment variables for the engine and all processes that it starts. */
  env?: NodeJS.ProcessEnv;
};

export type UpOptions = CommandOptions & {
  /** Whether the preview comes first, as it does for a person. @default false: it takes as long as the update */
  preview?: boolean;
};

export type PreviewOptions = CommandOptions & {
  /** Shows changed lines instead of changed resources. @default false */
  diff?: boolean;
  /** Fails if anything would change. @default false */
  expectNoChanges?: boolean;
};

const checkout = join(import.meta.dirname, "../..");

/** A stack on a `file://` backend, driven by literal `pulumi` commands. */
export class PulumiStack implements AsyncDisposable {
  /** Each command's environment: `PATH`, backend, passphrase, stack. */
  readonly env: Record<string, string>;
  /** Directory of the state, in `state`; only secrets are encrypted. */
  readonly stateDir: string;
  readonly projectDir: string;
  readonly #name: string;
  readonly #settings: StackSettings;
  readonly #temporary: boolean;
  readonly #running = new Set<RunningPulumi>();

  constructor(name: string, settings: StackSettings, folders: Folders, env: Record<string, string>) {
    this.#name = name;
    this.#settings = settings;
    this.#temporary = folders.temporary;
    this.stateDir = folders.stateDir;
    this.projectDir = folders.projectDir;
    this.env = env;
  }

  up(options: UpOptions = {}): Promise<PulumiResult> {
    return succeeded(this.startUp(options));
  }

  /** `pulumi up` in the background, to be killed half-way. */
  startUp({ preview = false, ...options }: UpOptions = {}): RunningPulumi {
    return this.start(["up", "--yes", ...(preview ? [] : ["--skip-preview"])], options);
  }

  preview({ diff = false, expectNoChanges = false, ...options }: PreviewOptions = {}): Promise<PulumiResult> {
    const flags = [...(diff ? ["--diff"] : []), ...(expectNoChanges ? ["--expect-no-changes"] : [])];
    return succeeded(this.start(["preview", ...flags], options));
  }

  refresh(options: CommandOptions = {}): Promise<PulumiResult> {
    return succeeded(this.start(["refresh", "--yes", "--skip-preview"], options));
  }

  destroy(options: CommandOptions = {}): Promise<PulumiResult> {
    return succeeded(this.start(["destroy", "--yes", "--skip-preview"], options));
  }

  /** Removes the lock that a killed command left in the state. */
  async unlock(): Promise<void> {
    await succeeded(this.#pulumi(["cancel", "--yes"], {}, ["--stack", this.#name]));
  }

  /** All outputs, secrets in clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const flags = ["--stack", this.#name];
    const { stdout } = await succeeded(this.#pulumi(["stack", "output", "--json", "--show-secrets"], {}, flags));
    return JSON.parse(stdout);
  }

  /** The state, secrets encrypted unless asked for in clear. */
  async exportState({ showSecrets = false } = {}): Promise<unknown> {
    const flags = showSecrets ? ["--show-secrets"] : [];
    const { stdout } = await succeeded(this.#pulumi(["stack", "export", ...flags], {}, ["--stack", this.#name]));
    return JSON.parse(stdout);
  }

  /** Replaces the state by an exported one that a test changed. */
  async importState(state: unknown): Promise<void> {
    const stackFlags = ["--stack", this.#name];
    await succeeded(this.#pulumi(["stack", "import"], {}, stackFlags, this.projectDir, JSON.stringify(state)));
  }

  /** Removes a resource and everything that depends on it from the state, without deleting them. */
  async forget(urn: string): Promise<void> {
    const args = ["state", "delete", "--target-dependents", "--yes", urn];
    await succeeded(this.#pulumi(args, {}, ["--stack", this.#name]));
  }

  /** Sets plain values; `undefined` removes a key. */
  setConfig(values: Record<string, unknown>): Promise<void> {
    return writeConfig(this.#settings, values);
  }

  async setSecret(key: string, value: string): Promise<void> {
    const args = ["config", "set", "--secret", configKey(this.#settings, key)];
    const stackFlags = ["--stack", this.#name, "--config-file", this.#settings.file];
    await succeeded(this.#pulumi(args, {}, stackFlags, this.#settings.folder, value));
  }

  /** Starts any command that takes a stack file, as `up` does. */
  start(args: string[], options: CommandOptions = {}): RunningPulumi {
    const stackFlags = ["--stack", this.#name, "--config-file", this.#settings.file];
    return this.#pulumi(args, options, stackFlags);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.kill()));
    if (this.#temporary) await rm(this.stateDir, { recursive: true, force: true });
  }

  #pulumi(
    args: string[],
    { flags = [], env = {} }: CommandOptions,
    stackFlags: string[],
    cwd = this.projectDir,
    input = "",
  ): RunningPulumi {
    const hidden = [...stackFlags, "--non-interactive", "--color", "never"];
    const running = startPulumi({ args: [...args, ...flags], hidden, cwd, env: { ...this.env, ...env }, input });
    this.#running.add(running);
    void running.result.finally(() => this.#running.delete(running));
    return running;
  }
}

/** Opens the stack in stateDir, or creates it. */
export async function startStack(options: StackOptions): Promise<PulumiStack> {
  const { name, config = {}, secrets = {}, projectDir = checkout } = options;
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "container-registry-stack-")));
  const settings = await stackSettings(name, projectDir, options.settingsDir ?? join(stateDir, "settings"));
  const env = await environment(name, stateDir);
  const folders = { stateDir, projectDir, temporary: options.stateDir === undefined };
  const stack = new PulumiStack(name, settings, folders, env);

  const state = join(stateDir, "state/.pulumi/stacks", settings.project, `${name}.json`);
  if (!(await exists(state))) {
    const init = { args: ["stack", "init", name], hidden: ["--non-interactive"], cwd: settings.folder, env };
    await succeeded(startPulumi(init));
  }
  await stack.setConfig(config);
  for (const [key, value] of Object.entries(secrets)) await stack.setSecret(key, value);
  return stack;
}

type Folders = { stateDir: string; projectDir: string; temporary: boolean };

async function environment(name: string, stateDir: string): Promise<Record<string, string>> {
  const { path } = await engine();
  const backend = join(stateDir, "state");
  const passphrase = join(stateDir, "passphrase");
  await mkdir(backend, { recursive: true, mode: 0o700 });
  if (!(await exists(passphrase))) await writeFile(passphrase, randomBytes(32).toString("base64url"), { mode: 0o600 });
  return {
    PATH: [...path, ...(await kubectlFolder()), process.env.PATH ?? ""].join(delimiter),
    // Without metadata files: they are not written atomically, and an incomplete one makes the stack unusable.
    PULUMI_BACKEND_URL: `file://${backend}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_STACK: name,
    // Shared by all stacks: it contains the plugins that the engine downloads.
    PULUMI_HOME: join(cacheDirectory(), "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/**
 * The folder of the lab's kubectl, which Pulumi programs may run. The list is empty before the lab has built kubectl for a
 * cluster.
 */
async function kubectlFolder(): Promise<string[]> {
  const kubectl = goBinaryPath(kubernetes("kubectl"));
  return (await exists(kubectl)) ? [dirname(kubectl)] : [];
}
