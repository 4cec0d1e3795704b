import { spawn } from "node:child_process";
import { lineSplitter } from "./lines.ts";
import type { Shell } from "./shell.ts";

/** Runs commands on this machine. The commands for containers call `docker exec` themselves. `signal` kills what runs. */
export const localShell = (signal?: AbortSignal): Shell => ({
  execute: (command, { stdin, stdout: sink, onLine }) =>
    new Promise((resolve, reject) => {
      const child = spawn("/bin/sh", ["-c", command], { signal, killSignal: "SIGKILL" });
      const stdout: Buffer[] = [];
      const messages = lineSplitter(onLine);
      if (sink) child.stdout.pipe(sink);
      else child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => messages.write(chunk));
      child.once("error", reject);
      child.once("close", (code) => {
        messages.end();
        resolve({ stdout: Buffer.concat(stdout).toString(), exitCode: code ?? 1 });
      });
      // A script may end before it has read all of its input.
      child.stdin.on("error", () => {});
      if (typeof stdin === "string") child.stdin.end(stdin);
      else stdin.pipe(child.stdin);
    }),
  [Symbol.asyncDispose]: async () => {},
});
