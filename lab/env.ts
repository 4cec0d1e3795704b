import { delimiter, join } from "node:path";
import { shellWord } from "../hosts/shell.ts";
import { engine } from "./engine/engine.ts";
import { startStack } from "./engine/pulumi-stack.ts";
import { exists } from "./exists.ts";
import { LabError } from "./lab-error.ts";
import { stackDirectory, stackFile } from "./stack.ts";

/** Shell lines that set the environment in which a plain `pulumi` command in the checkout uses the lab's stack. */
export async function labEnvironment(): Promise<string> {
  if (!(await exists(stackFile))) throw new LabError("the lab is not running; run `npm run lab:up` first");
  const { path } = await engine();
  const { env } = await startStack({ name: "lab", stateDir: stackDirectory(), settingsDir: join(stackFile, "..") });
  const lines = Object.entries({ ...env, PATH: undefined })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `export ${name}=${shellWord(value ?? "")}`);
  return [...lines, `export PATH=${shellWord(path.join(delimiter))}:"$PATH"`, "unset PULUMI_CONFIG_PASSPHRASE"].join(
    "\n",
  );
}
