import { join } from "node:path";
import { execa } from "execa";
import { killTree } from "../../../lab/engine/process-tree.ts";
import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";

export type RegistryCommand = {
  /** What the command has printed so far. */
  output(): string;
  /** Kills the command and all processes that it started with SIGKILL. */
  kill(): Promise<void>;
  /** The command's result, even if the command failed. */
  result: Promise<{ exitCode: number; stdout: string; output: string }>;
};

/** Starts `npm run registry -- …` on a stack, as a person would. */
export function registryCommand(
  stack: PulumiStack,
  args: readonly string[],
  input = "",
  env: NodeJS.ProcessEnv = {},
): RegistryCommand {
  const name = String(stack.env.PULUMI_STACK);
  const stackOptions = ["--stack", name, "--config-file", join(stack.stateDir, `settings/Pulumi.${name}.yaml`)];
  const child = execa("npm", ["run", "--silent", "registry", "--", ...args, ...stackOptions], {
    cwd: stack.projectDir,
    env: { ...stack.env, PULUMI_CONFIG_PASSPHRASE: undefined, ...env },
    input,
    all: true,
    reject: false,
  });
  const chunks: string[] = [];
  child.all.on("data", (chunk) => chunks.push(String(chunk)));
  const result = child.then(({ exitCode = -1, stdout, all }) => ({ exitCode, stdout, output: all }));
  const kill = async () => {
    await killTree(child.pid ?? 0);
    await result;
  };
  return { output: () => chunks.join(""), kill, result };
}
