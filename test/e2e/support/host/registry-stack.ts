import { type PulumiStack, startStack } from "../../../../lab/engine/pulumi-stack.ts";
import { type Machine, type MachineOptions, startMachine } from "../../../../lab/hosts/machine.ts";
import { registryImage } from "../../../../lab/images/registry-images.ts";
import { startLab } from "../../../../lab/lab.ts";

export type RegistryStackOptions = {
  /** The name of the machine and of the stack. The registry's host name is `<name>.lab.test`. */
  name: string;
  machine?: Omit<MachineOptions, "name">;
  /** Overrides this function's defaults for `variant`: SSH, a private CA, and images from archives. */
  variant?: Record<string, unknown>;
  containerRegistry?: Record<string, unknown>;
  /** @default jenkins, who may do everything */
  accounts?: Record<string, unknown>[];
  secrets?: Record<string, string>;
};

/** A machine that is to become a registry host, and the stack that makes it one. */
export interface RegistryStack extends AsyncDisposable {
  machine: Machine;
  stack: PulumiStack;
  /** The registry's host name, `<name>.lab.test`. */
  host: string;
  /** The variant as the stack file has it, to be changed by `stack.setConfig({ variant: { ...variant, … } })`. */
  variant: Record<string, unknown>;
  /** The account's password. */
  password(account: string): Promise<string>;
}

/** Starts the machine and writes the stack file. The test itself runs `up`. */
export async function registryStack(options: RegistryStackOptions): Promise<RegistryStack> {
  const { name, accounts = [{ name: "jenkins", push: ["**"], delete: ["**"] }] } = options;
  await startLab();
  const machine = await startMachine({ name, ...options.machine });
  const host = `${name}.lab.test`;
  const variant = {
    kind: "host",
    connection: machine.connection,
    tls: { kind: "private-ca" },
    images: { registry: await archived("registry"), proxy: await archived("proxy") },
    ...options.variant,
  };
  const stack = await startStack({
    name,
    config: {
      containerRegistry: { host, account: accounts[0]?.name, ...options.containerRegistry },
      variant,
      accounts,
    },
    secrets: { sshPrivateKey: machine.keys.privateKey, ...options.secrets },
  });
  return {
    machine,
    stack,
    host,
    variant,
    password: async (account) => String(Object(Object(await stack.outputs()).accounts)[account]),
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await machine[Symbol.asyncDispose]();
    },
  };
}

async function archived(name: "registry" | "proxy") {
  const { id, archive } = await registryImage(name);
  return { reference: id, archive };
}
