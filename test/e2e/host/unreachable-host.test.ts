import { describe, it } from "vitest";
import { newKeyPair } from "../../../lab/hosts/ssh-keys.ts";
import { withWorld } from "../../with-world.ts";
import { accounts, expectFailureThenSuccess, type Fault, nobodysAddress, serving } from "../support/host/faults.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const served = withWorld(async ({ use }) =>
  serving(use(await registryStack({ name: "unreachable", machine: { kind: "client" }, accounts }))),
);

const faults: Fault[] = [
  {
    what: "a host that is down",
    says: nobodysAddress,
    spoil: () => setConnection({ address: nobodysAddress, port: 22 }, oldHost()),
    mend: () => setConnection({}),
  },
  {
    what: "a host key that is another machine's",
    says: /host key mismatch/,
    spoil: async () =>
      setConnection({ hostKey: (await newKeyPair("another")).publicKey.split(" ").slice(0, 2).join(" ") }),
    mend: () => setConnection({}),
  },
  {
    what: "an SSH key that the host does not know",
    says: /unable to authenticate/,
    spoil: async () => setSshKey((await newKeyPair("unknown")).privateKey),
    mend: () => setSshKey(served().registry.machine.keys.privateKey),
  },
  {
    what: "a user who may not run sudo",
    says: "error: visitor may not run sudo on unreachable without a password; allow it, or connect as root",
    spoil: async () => {
      await served().registry.machine.run("useradd --create-home visitor");
      await setConnection({ user: "visitor" });
    },
    mend: () => setConnection({}),
  },
];

describe("up fails in time and says where, the registry serves on, and up without the fault succeeds:", () => {
  it.each(faults)(
    "$what",
    (fault) => expectFailureThenSuccess(served(), fault, `change-${faults.indexOf(fault)}`),
    240_000,
  );
});

function setConnection(change: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<void> {
  const { stack, variant, machine } = served().registry;
  return stack.setConfig({ variant: { ...variant, ...more, connection: { ...machine.connection, ...change } } });
}

function oldHost() {
  const { address, port } = served().registry.machine.connection;
  return { oldHost: { kind: "stopped", address: `${address}:${port}` } };
}

function setSshKey(key: string): Promise<void> {
  return served().registry.stack.setSecret("sshPrivateKey", key);
}
