import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execaSync } from "execa";

/** How a program was called: its arguments, and what came by standard input. */
type Call = { program: string; args: string[]; stdin: string };

/** Programs that do nothing but note how they are called. */
export interface FakePrograms extends Disposable {
  /** Runs shell lines that find these programs before any other, and hands back the calls in their order. */
  run(script: string, env?: Record<string, string>): Call[];
  /** For `PATH`. */
  path: string;
}

/** `scripts`: what each prints, by name, as a text of `sh`. */
export function fakePrograms(scripts: Record<string, string>): FakePrograms {
  const folder = mkdtempSync(join(tmpdir(), "fake-programs-"));
  const log = join(folder, "calls");
  for (const [name, script] of Object.entries(scripts)) {
    const note = `const { appendFileSync, readFileSync } = require("node:fs");
const [, program, ...args] = process.argv;
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ program: ${JSON.stringify(name)}, args, stdin: readFileSync(0, "utf8") }) + "\\n");`;
    writeFileSync(join(folder, `${name}.cjs`), note);
    writeFileSync(join(folder, name), `#!/bin/sh\n${script || `"${process.execPath}" "$0.cjs" "$@"`}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const path = [folder, process.env.PATH ?? ""].join(delimiter);
  return {
    path,
    run: (script, env = {}) => {
      writeFileSync(log, "");
      execaSync("sh", ["-euc", script], { stdin: "ignore", env: { ...env, PATH: path } });
      return readFileSync(log, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Call);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
