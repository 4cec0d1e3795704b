import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Selects the pods of one workload by namespace and labels. */
export type PodSelection = { namespace: string; labels: Record<string, string> };

/** Runs kubectl and returns what it prints. Throws if kubectl cannot run, or the cluster refuses or does not answer. */
export type Kubectl = (...args: string[]) => Promise<string>;

/** Runs `work` with a kubectl that uses this kubeconfig's text. */
export async function withKubectl<Result>(
  kubeconfig: string,
  work: (kubectl: Kubectl) => Promise<Result>,
): Promise<Result> {
  // Only this user may read the folder that mkdtemp creates. The kubeconfig in it holds credentials.
  const folder = await mkdtemp(join(tmpdir(), "container-registry-"));
  const file = join(folder, "kubeconfig");
  try {
    await writeFile(file, kubeconfig, { mode: 0o600 });
    return await work(async (...args) => {
      const all = ["--kubeconfig", file, "--request-timeout", "30s", ...args];
      const { stdout } = await promisify(execFile)("kubectl", all, { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 });
      return stdout;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Lists pods, with those fields that the caller reads. */
export async function listPods<PodList>(kubectl: Kubectl, pods: PodSelection): Promise<PodList> {
  return JSON.parse(await kubectl("get", "pods", ...selecting(pods), "--output", "json"));
}

/** The arguments of kubectl that select the pods. */
export function selecting({ namespace, labels }: PodSelection): string[] {
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return ["--namespace", namespace, "--selector", selector.join(",")];
}

/** An error in words: the last line that kubectl printed, or that it is not there. */
export function kubectlProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ENOENT") return "kubectl is not on PATH";
  const said = "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : "";
  return said || String(error);
}
