import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PulumiStack, startStack } from "../../../../lab/engine/pulumi-stack.ts";
import { type Machine, type MachineOptions, startMachine } from "../../../../lab/hosts/machine.ts";
import { newCa } from "../../../../lab/services/ca.ts";

/** A machine, and a stack that makes it trust a registry of somebody else's, be that there or not. */
export interface TrustingNode extends AsyncDisposable {
  machine: Machine;
  stack: PulumiStack;
  /** Of a CA that signed nothing. */
  caFile: string;
  /** Writes the stack file's only node, called `node`, reached by SSH, and proved by nothing unless asked for. */
  setNode(node: Record<string, unknown>): Promise<void>;
}

/** Starts both; `up` is the test's own. */
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
