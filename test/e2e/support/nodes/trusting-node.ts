import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PulumiStack, startStack } from "../../../../lab/engine/pulumi-stack.ts";
import { type Machine, type MachineOptions, startMachine } from "../../../../lab/hosts/machine.ts";
import { newCa } from "../../../../lab/services/ca.ts";

/** A machine, and a stack that makes the machine trust an existing registry. That registry need not run. */
export interface TrustingNode extends AsyncDisposable {
  machine: Machine;
  stack: PulumiStack;
  /** Path of the file with the certificate of a CA that signed nothing. */
  caFile: string;
  /**
   * Writes the stack file's only node, `node`, which has an SSH connection. Its trust is not verified unless `verify` is
   * set.
   */
  setNode(node: Record<string, unknown>): Promise<void>;
}

/** Starts the machine and the stack. The test itself runs `up`. */
export async function trustingNode(options: MachineOptions & { host: string; tls?: string }): Promise<TrustingNode> {
  const { name, host, tls = "provided-ca", ...machineOptions } = options;
  const machine = await startMachine({ kind: "bare", ...machineOptions, name });
  const folder = await mkdtemp(join(tmpdir(), "container-registry-trusting-node-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, (await newCa(name)).certificate);
  const stack = await startStack({
    name,
    config: {
      containerRegistry: { host, requiresAuthForPush: false },
      variant: { kind: "existing", tls: { kind: tls, ...(tls === "provided-ca" && { file: caFile }) } },
    },
    secrets: { sshPrivateKey: machine.keys.privateKey },
  });
  return {
    machine,
    stack,
    caFile,
    setNode: (node) =>
      stack.setConfig({ nodes: [{ name: "node", connection: machine.connection, verify: "none", ...node }] }),
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await machine[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
