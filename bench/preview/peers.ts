import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { writePlainProgram } from "./plain-program.ts";

/** A program to compare with, as a stack of its own that is up to date. */
export type Peer = AsyncDisposable & { what: string; stack: PulumiStack };

/** An empty program that loads Pulumi's SDK, as each program that creates resources does. */
export async function emptyPeer(checkout: string): Promise<Peer> {
  const folder = await projectFolder(checkout);
  const runtime = { name: "nodejs", options: { typescript: false } };
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ name: "empty", runtime, main: "index.js" }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const program = 'import * as pulumi from "@pulumi/pulumi";\nexport const nothing = pulumi.output("");\n';
  await writeFile(join(folder, "index.js"), program);
  const stack = await startStack({ name: "bench-empty", projectDir: folder });
  await stack.up();
  return peer("empty program, the SDK loaded", stack, [folder]);
}

/** Plain JavaScript that registers the stack's resources with constant inputs, over a copy of the stack's state. */
export async function plainPeer(name: string, ours: PulumiStack): Promise<Peer> {
  const folder = await projectFolder(ours.projectDir);
  await writePlainProgram(folder, "container-registry", await ours.exportState({ showSecrets: true }));
  const stateDir = await mkdtemp(join(tmpdir(), "container-registry-stack-"));
  await cp(ours.stateDir, stateDir, { recursive: true });
  const stack = await startStack({ name, projectDir: folder, stateDir });
  return peer("plain JavaScript, same resources, constant inputs", stack, [folder, stateDir]);
}

function peer(what: string, stack: PulumiStack, folders: string[]): Peer {
  return {
    what,
    stack,
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function projectFolder(checkout: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  return folder;
}
