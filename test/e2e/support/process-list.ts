import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Machine } from "../../../lab/hosts/machine.ts";

/** A watch that reads the list of all processes many times a second. */
export type Watch = {
  /** Ends the watch. Returns all arguments of processes that it saw, and the environment variables that it could read. */
  stop(): Promise<string>;
};

/** Shell script that prints the arguments and readable environments of all processes, each line once, until a file exists. */
const sampler = `
  while [ ! -e "$1" ]; do
    cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null || :
    sleep 0.01
  done | tr '\\0' '\\n' | awk '!seen[$0]++'`;

/** How long a watch goes on that nobody ends, since its test was killed, in seconds. */
const limit = "900";

/** Watches a machine's processes as the user nobody. */
export function watchHost(machine: Machine): Watch {
  const end = "/run/watched-enough";
  const script = `setpriv --reuid nobody --regid nogroup --clear-groups timeout ${limit} sh -c "$1" sh "$2"`;
  const seen = machine.run(script, { args: [sampler, end], timeoutSeconds: 900 });
  return {
    stop: async () => {
      await machine.run(`touch ${end}`);
      return seen;
    },
  };
}

/**
 * Watches this machine's processes. If this process is root, the watch runs as the user nobody. Otherwise it leaves environments
 * out, because every user may read those of the user's own processes.
 */
export async function watchHere(): Promise<Watch> {
  const folder = await mkdtemp(join(tmpdir(), "process-list-"));
  const end = join(folder, "watched-enough");
  const root = process.getuid?.() === 0;
  const script = root ? sampler : sampler.replace("/proc/[0-9]*/environ", "");
  const nobody = root ? { uid: 65534, gid: 65534 } : {};
  if (root) await execa("chmod", ["0755", folder]);
  const seen = execa("timeout", [limit, "sh", "-c", script, "sh", end], nobody);
  return {
    stop: async () => {
      await writeFile(end, "");
      const { stdout } = await seen;
      await rm(folder, { recursive: true });
      return stdout;
    },
  };
}
