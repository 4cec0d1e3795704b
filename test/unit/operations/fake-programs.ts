import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execaSync } from "execa";
import { onTestFinished, vi } from "vitest";

/** How a program was called: its arguments, and what came by standard input. */
type Call = { program: string; args: string[]; stdin: string };

/** Programs that do what a test says. */
export interface FakePrograms extends Disposable {
  /** Runs shell lines that find these programs before any other, and hands back the calls in their order. */
  run(script: string, env?: Record<string, string>): Call[];
  /** For `PATH`. */
  path: string;
}

/** `scripts`: a program each, as a text of `sh`; an empty one notes how it is called. */
export function fakePrograms(scripts: Record<string, string>): FakePrograms {
  const folder = mkdtempSync(join(tmpdir(), "fake-programs-"));
  const log = join(folder, "calls");
  for (const [name, script] of Object.entries(scripts)) {
    const note = `{ printf '%s\\0' ${name} "$@"; printf '\\1'; cat; printf '\\2'; } >>'${log}'`;
    writeFileSync(join(folder, name), `#!/bin/sh\n${script || note}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const path = [folder, process.env.PATH ?? ""].join(delimiter);
  return {
    path,
    run: (script, env = {}) => {
      writeFileSync(log, "");
      execaSync("sh", ["-euc", script], { stdin: "ignore", env: { ...env, PATH: path } });
      return readFileSync(log, "utf8").split("\u0002").slice(0, -1).map(call);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** Puts such programs first on `PATH` until the test ends. */
export function stubPrograms(scripts: Record<string, string>): void {
  const programs = fakePrograms(scripts);
  vi.stubEnv("PATH", programs.path);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    programs[Symbol.dispose]();
  });
}

/** Nothing that is passed on holds a control character. */
function call(noted: string): Call {
  const [words = "", stdin = ""] = noted.split("\u0001");
  const [program = "", ...args] = words.split("\0").slice(0, -1);
  return { program, args, stdin };
}
