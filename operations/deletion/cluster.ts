import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { pinnedKubeconfig } from "../../hosts/cluster/kubeconfig.ts";
import type { LiveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { type RunningImage, runningImages } from "./pods.ts";

type Stack = Pick<LiveStack, "kubernetes" | "settings">;

/** What the pods and CronJobs of the stack's cluster run; undefined if the stack names no cluster. */
export async function clusterImages(stack: Stack): Promise<RunningImage[] | undefined> {
  const access = clusterAccess(stack);
  if (access === undefined) return undefined;
  const { context, text } = pinnedKubeconfig(access);
  const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  try {
    const file = join(folder, "config");
    await writeFile(file, text, { mode: 0o600 });
    const command = ["get", "pods,cronjobs.batch", "--all-namespaces", "--output=json", "--request-timeout=60s"];
    const { stdout } = await execa("kubectl", [...command, `--kubeconfig=${file}`]);
    return runningImages(JSON.parse(stdout));
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const reason = error.code === "ENOENT" ? "there is no kubectl on this machine" : lastLine(String(error.stderr));
    throw new OperationError(
      `what the pods of context ${context} run is not known: ${reason}. Run this where kubectl may list pods and cronjobs of all namespaces, or, if no pod runs images of this registry, with --no-pods`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The cluster of the stack's Kubernetes provider, as `pulumi up` finds it. */
function clusterAccess({ kubernetes, settings: { variant } }: Stack): LiveStack["kubernetes"] | undefined {
  const context = variant.kind === "hybrid" ? `kind-${variant.clusterName}` : kubernetes.context;
  if (context === undefined && kubernetes.kubeconfig === undefined) return undefined;
  return { ...kubernetes, ...(context && { context }) };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "kubectl failed without a message";
}
