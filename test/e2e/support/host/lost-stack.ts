import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type PulumiStack, startStack } from "../../../../lab/engine/pulumi-stack.ts";

/** Runs a line of the documentation in a shell, in the folder of the stack file. */
export async function typed({ env, stateDir }: PulumiStack, line: string): Promise<string> {
  const variables = { ...env, PULUMI_CONFIG_PASSPHRASE: undefined };
  return (await execa("sh", ["-ec", line], { cwd: join(stateDir, "settings"), env: variables })).stdout;
}

/** Deletes the whole backend: the state of every stack in it, its history and its backups. */
export async function loseState(stack: PulumiStack): Promise<void> {
  await rm(join(stack.stateDir, "state"), { recursive: true });
  await typed(stack, "mkdir ../state");
}

/** Replaces the passphrase by another one, and starts a stack with the old one's stack file, but without its secrets. */
export async function startOver(old: PulumiStack, name: string, secrets: Record<string, string>): Promise<PulumiStack> {
  await writeFile(join(old.stateDir, "passphrase"), randomBytes(32).toString("base64url"));
  const withoutSecrets = "sed -e '/^encryptionsalt:/d' -e '$!N; /\\n *secure:/d; P; D'";
  await typed(old, `${withoutSecrets} Pulumi.${old.env.PULUMI_STACK}.yaml >Pulumi.${name}.yaml`);
  return startStack({ name, stateDir: old.stateDir, secrets });
}
