import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { pinnedKubeconfig } from "../hosts/cluster/kubeconfig.ts";
import type { LiveStack } from "./live-stack.ts";
import { OperationError } from "./operation-error.ts";

type Stack = Pick<LiveStack, "kubernetes" | "settings">;

/** kubectl on the stack's cluster. */
export interface Kubectl extends AsyncDisposable {
  /** The context in the kubeconfig. */
  readonly context: string;
  /** Runs a command and returns its standard output. Throws a KubectlError if the command fails. */
  run(args: readonly string[], options?: RunOptions): Promise<string>;
}

type RunOptions = {
  /** What the command reads from its standard input. @default nothing */
  input?: string;
  /** Gets each line of standard output as soon as it is complete. @default nobody */
  onLine?: (line: string) => void;
  /** Kills the command. @default none */
  signal?: AbortSignal | undefined;
};

/** Why a command of kubectl failed: the last line that it printed. */
export class KubectlError extends Error {}

/**
 * kubectl with a kubeconfig of its own, which leads to the cluster of the stack's Kubernetes provider, as `pulumi up`
 * finds it. Undefined if the stack names no cluster.
 */
export async function openKubectl(stack: Stack): Promise<Kubectl | undefined> {
  const access = clusterAccess(stack);
  if (access === undefined) return undefined;
  const { context, text } = pinnedKubeconfig(access);
  const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  const file = join(folder, "config");
  await writeFile(file, text, { mode: 0o600 });
  return {
    context,
    // First, since what follows `--` is a command in a pod.
    run: (args, options) => run([`--kubeconfig=${file}`, ...args], options),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Like openKubectl, for a command that cannot do without the cluster. Throws an OperationError if the stack names none. */
export async function requireKubectl(stack: Stack): Promise<Kubectl> {
  const kubectl = await openKubectl(stack);
  if (kubectl === undefined)
    throw new OperationError("the stack names no cluster; set its context: pulumi config set kubernetes:context NAME");
  return kubectl;
}

async function run(args: readonly string[], { input = "", onLine, signal }: RunOptions = {}): Promise<string> {
  try {
    const child = execa("kubectl", args, { input, ...(signal && { cancelSignal: signal }) });
    if (onLine !== undefined) for await (const line of child) onLine(line);
    return (await child).stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new KubectlError(
      error.code === "ENOENT" ? "there is no kubectl on this machine" : lastLine(String(error.stderr)),
    );
  }
}

function clusterAccess({ kubernetes, settings: { variant } }: Stack): LiveStack["kubernetes"] | undefined {
  const context = variant.kind === "hybrid" ? `kind-${variant.clusterName}` : kubernetes.context;
  if (context === undefined && kubernetes.kubeconfig === undefined) return undefined;
  return { ...kubernetes, ...(context && { context }) };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "kubectl failed without a message";
}
