import { spawn } from "node:child_process";
import { shellFiles, shellWord } from "../../../hosts/shell.ts";
import { names, podLabels } from "../../../render/cluster-registry/names.ts";
import { hostPaths } from "../../../render/compose.ts";
import { KubectlError, requireKubectl } from "../../kubectl.ts";
import type { LiveStack } from "../../live-stack.ts";
import { lineSplitter } from "../../machines/lines.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";

export type LogOptions = {
  /** How old a line is at most, in seconds. */
  seconds: number;
  /** Whether to go on with new lines until the connection ends. */
  follow: boolean;
};

/** Gives out the lines of the proxy's access log, of whichever variant, each as soon as it is read. */
export async function accessLog(stack: LiveStack, options: LogOptions, onLine: (line: string) => void): Promise<void> {
  const { variant } = stack.settings;
  if (variant.kind === "existing")
    throw new OperationError("somebody else runs this registry, and its log is there; ask them");
  if (variant.kind === "cluster") return clusterLog(stack, variant.namespace, options, onLine);
  if (variant.kind === "hybrid") return containerLog(variant.containerName, options, onLine);
  if (variant.proxy !== "caddy")
    throw new OperationError(
      "Traefik keeps no log of requests here; distribution's is on the host: docker logs container-registry-registry-1",
    );
  await using machine = await openMachine(variant.connection, stack.secrets);
  await machine.run(hostLogProgram(hostPaths.proxyLogs, options), { onLine });
}

const program = shellFiles(new URL(".", import.meta.url), ["recent-lines.awk", "follow"]);

/**
 * The program for a registry host. It prints to standard error, of which each line is given out at once. Caddy renames a full
 * file to `access-TIME.log`; `tail` then goes on with the new one.
 */
export function hostLogProgram(folder: string, { seconds, follow }: LogOptions): string {
  const logs = shellWord(folder);
  const recent = (name: string) =>
    `find ${logs} -name '${name}' -mmin -${Math.ceil(seconds / 60) + 1} -exec cat {} + | LC_ALL=C awk -v since="$since" "$awk_recent_lines" >&2`;
  const following = `${recent("*-*.log")}
tail -q -n +1 -F ${logs}/access.log ${logs}/anonymous.log 2>/dev/null | followed_lines >&2`;
  return `${program}since=$(($(date +%s) - ${Math.ceil(seconds)}))\n${follow ? following : recent("*.log")}\n`;
}

async function clusterLog(
  stack: LiveStack,
  namespace: string,
  { seconds, follow }: LogOptions,
  onLine: (line: string) => void,
): Promise<void> {
  const selector = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
  const pods = [`--selector=${selector}`, "--container=proxy", `--namespace=${namespace}`, "--max-log-requests=20"];
  await using kubectl = await requireKubectl(stack);
  const args = ["logs", ...pods, "--tail=-1", `--since=${Math.ceil(seconds)}s`, ...(follow ? ["--follow"] : [])];
  try {
    await kubectl.run(args, { onLine });
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    throw new OperationError(
      `context ${kubectl.context}, namespace ${namespace}: the log of deployment ${names.deployment} cannot be read: ${error.message}`,
    );
  }
}

/** Docker gives the container's standard output and standard error on the two streams; Caddy logs to either. */
function containerLog(container: string, { seconds, follow }: LogOptions, onLine: (line: string) => void) {
  const args = ["logs", `--since=${Math.ceil(seconds)}s`, ...(follow ? ["--follow"] : []), container];
  return new Promise<void>((resolve, reject) => {
    const child = spawn("docker", args, { stdio: ["ignore", "pipe", "pipe"] });
    let last = "";
    for (const stream of [child.stdout, child.stderr]) {
      const lines = lineSplitter((line) => {
        last = line;
        onLine(line);
      });
      stream.on("data", (chunk: Buffer) => lines.write(chunk)).on("end", () => lines.end());
    }
    child.once("error", (error) => reject(new OperationError(`docker cannot be run here: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new OperationError(`docker logs ${container}: ${last}`));
    });
  });
}
