import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Workplace } from "./run-job.ts";

/** A job on this machine: in a checkout, with variables that every step has. */
export async function workplaceHere(
  checkout: string,
  folder: string,
  variables: Record<string, string>,
): Promise<Workplace> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "script.sh");
  return {
    folder,
    run: async ({ script, shell: [program, ...options], env }) => {
      await writeFile(file, script);
      const { exitCode, all } = await execa(program, [...options, file], {
        cwd: checkout,
        // Of this process' own, what a runner would not have is left out: a passphrase, a stack.
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
