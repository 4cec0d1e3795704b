import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { StartedProxy } from "../../lab/proxy/start-proxy.ts";
import { Collected } from "../../operations/collection/collected.ts";
import { collectScript } from "../../render/collection/collect-script.ts";

/** The program that collects garbage in the storage of a started proxy. */
export async function collector({ directory, storage }: StartedProxy) {
  const path = join(directory, "collect.sh");
  const writesSocket = join(directory, "run/writes.sock");
  await writeFile(path, collectScript({ storagePath: storage, graceDays: 7, writesSocket }), { mode: 0o755 });
  return {
    /** Starts it in a process group of its own. */
    start: (...args: string[]) => execa("sh", [path, ...args], { detached: true, cleanup: true }),
    async run(...args: string[]): Promise<Collected> {
      const { stdout } = await execa("sh", [path, ...args]);
      return Collected.parse(JSON.parse(stdout));
    },
  };
}
