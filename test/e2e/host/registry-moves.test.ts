import { expect, it } from "vitest";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { withWorld } from "../../with-world.ts";
import { containers } from "../support/host/host-state.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const name = "registry-moves";

const world = withWorld(async ({ use }) => {
  const next = use(await startMachine({ name: `${name}-next` }));
  const registry = use(await registryStack({ name }));
  const copy = use(
    await startStack({
      name: `${name}-copy`,
      config: {
        containerRegistry: { host: registry.host, account: "jenkins" },
        variant: registry.variant,
        accounts: [{ name: "jenkins", push: ["**"], delete: ["**"] }],
      },
      secrets: { sshPrivateKey: registry.machine.keys.privateKey },
    }),
  );
  await registry.stack.up();
  return { registry, next, copy };
});

it("a copied stack › is refused by name before the registry changes, and its destroy leaves it as it is", async () => {
  const { registry, copy } = world();
  const before = [await containers(registry.machine), await accountsFile()];
  const { exitCode, output } = await copy.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(
    new RegExp(`this machine's registry belongs to the stack container-registry/${name} \\(owner [0-9a-f]{16}\\)`),
  );
  await copy.destroy();
  expect([await containers(registry.machine), await accountsFile()]).toEqual(before);
});

it("the same machine under another address › serves on, and nothing is restarted", async () => {
  const { registry } = world();
  const before = await containers(registry.machine);
  const { port } = registry.machine.connection;
  await connect({ ...registry.machine.connection, address: "localhost" }, `127.0.0.1:${port}`);
  const { output } = await registry.stack.up();
  expect(output).toContain("left as it is: applied since over another connection to this machine");
  expect(await containers(registry.machine)).toBe(before);
  await connect(registry.machine.connection, `localhost:${port}`);
  await registry.stack.up();
  expect(await containers(registry.machine)).toBe(before);
});

it("another machine › is an error until the stack file says what becomes of the old one", async () => {
  const { registry, next } = world();
  await connect(next.connection);
  const { exitCode, output } = await registry.stack.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(output).toContain(`the registry is on ${addressOf(registry.machine)}, and variant.connection leads to`);
  await expect(registry.stack.preview()).rejects.toThrow(`kind: stopped, address: "${addressOf(registry.machine)}"`);
  expect(await next.run("ls -d /etc/container-registry /var/lib/container-registry 2>/dev/null || true")).toBe("");
});

it("another machine › serves before the old one stops, which keeps its images; the preview warns of it", async () => {
  const { registry, next } = world();
  const images = "mkdir -p /srv/data/registry/docker && echo kept >/srv/data/registry/docker/mark";
  await registry.machine.run(images);
  // No DNS name resolves to the new machine yet. The apply needs none: it checks the registry by the machine's address.
  await connect(next.connection, addressOf(registry.machine));
  const { stdout } = await registry.stack.preview();
  expect(stdout).toContain("up moves no images");
  expect(stdout).toMatch(/\+ .*registry-apply@\S+ *create/);
  expect(stdout).toMatch(/- .*registry-apply@\S+ *delete/);
  await registry.stack.up();
  expect(await containers(registry.machine)).toBe("");
  expect(await registry.machine.run("cat /srv/data/registry/docker/mark")).toBe("kept");
  expect(await containers(next)).toMatch(/running/);
  await registry.stack.up({ flags: ["--expect-no-changes"] });
});

function connect(connection: object, from?: string): Promise<void> {
  const { registry } = world();
  const oldHost = from === undefined ? undefined : { kind: "stopped", address: from };
  return registry.stack.setConfig({ variant: { ...registry.variant, connection, oldHost } });
}

function addressOf({ connection: { address, port } }: Machine): string {
  return `${address}:${port}`;
}

function accountsFile(): Promise<string> {
  return world().registry.machine.run("sha256sum /etc/container-registry/caddy/accounts.caddy");
}
