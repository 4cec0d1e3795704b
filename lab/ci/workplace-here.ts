import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { JobWorkspace } from "./run-job.ts";

/** A job's workspace on this machine: a checkout, and variables for every step. */
export async function workplaceHere(
  checkout: string,
  folder: string,
  variables: Record<string, string>,
): Promise<JobWorkspace> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "script.sh");
  return {
    folder,
    run: async ({ script, shell: [program, ...options], env }) => {
      await writeFile(file, script);
      const { exitCode, all } = await execa(program, [...options, file], {
        cwd: checkout,
        // This process's environment is not inherited: a CI runner has no passphrase and no stack set.
        env: { HOME: process.env.HOME, ...variables, ...env },
        extendEnv: false,
        stdin: "ignore",
        all: true,
        reject: false,
      });
      return { ok: exitCode === 0, output: all };
    },
    read: (path) => readFile(path, "utf8").catch(() => ""),
  };
}
