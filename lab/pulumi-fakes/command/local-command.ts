import { spawn } from "node:child_process";
import { cancellation } from "../plugin/cancellation.ts";
import { type PropertyMap, reveal, text, texts } from "../plugin/property.ts";
import { commandResource } from "./command-resource.ts";
import { commandKeys, unsupportedKeys } from "./inputs.ts";
import type { Output } from "./output.ts";

/** command:local:Command, without `assetPaths` and `archivePaths`. */
export const localCommand = commandResource({
  check: (inputs) => ({ inputs, failures: unsupportedKeys(inputs, [...commandKeys, "dir", "interpreter"]) }),

  async run(command, inputs, properties, output) {
    const variables = Object.fromEntries([...inputs.environment, ...inputs.previous]);
    const reason = await spawned(command, inputs.stdin, variables, properties, output);
    if (reason !== undefined) throw output.failure(reason, command);
  },
});

/** Undefined if the command succeeded; else the error as the official plugin words it. */
function spawned(
  command: string,
  stdin: string,
  variables: NodeJS.ProcessEnv,
  { dir = null, interpreter = null }: PropertyMap,
  output: Output,
): Promise<string | undefined> {
  const [program = "/bin/sh", ...args] = [...(texts(reveal(interpreter)) ?? ["/bin/sh", "-c"]), command];
  const env = { ...process.env, ...variables };
  const child = spawn(program, args, { cwd: text(reveal(dir)), env, signal: cancellation, killSignal: "SIGKILL" });
  child.stdout.on("data", (bytes: Buffer) => output.take("stdout", bytes));
  child.stderr.on("data", (bytes: Buffer) => output.take("stderr", bytes));
  // A command may end before it has read all of its input.
  child.stdin.on("error", () => {}).end(stdin);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => {
      if (signal !== null) resolve(`signal: ${signal}`);
      else resolve(code === 0 ? undefined : `exit status ${code}`);
    });
  });
}
