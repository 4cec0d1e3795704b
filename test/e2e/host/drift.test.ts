import { describe, expect, it, vi } from "vitest";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { withWorld } from "../../with-world.ts";
import { freezeApply } from "../support/freeze.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const folder = "/etc/container-registry";

/** Changes that somebody makes by hand (`spoil`), and what the command `look` prints after `up` has undone the change. */
const drifts: { what: string; spoil: string; look: string; right: string }[] = [
  {
    what: "permissions of a secret file",
    spoil: `chmod 0644 ${folder}/caddy/accounts.caddy`,
    look: `stat --format '%a %U:%G' ${folder}/caddy/accounts.caddy`,
    right: "600 root:root",
  },
  {
    what: "the owner of a file",
    spoil: `chown operator ${folder}/compose.yaml`,
    look: `stat --format '%a %U:%G' ${folder}/compose.yaml`,
    right: "644 root:root",
  },
  {
    what: "permissions of a folder",
    spoil: "chmod 0777 /srv/data/caddy",
    look: "stat --format '%a %U:%G' /srv/data/caddy",
    right: "700 root:root",
  },
  {
    what: "a deleted file",
    spoil: `rm ${folder}/ca.pem`,
    look: `head --lines 1 ${folder}/ca.pem`,
    right: "-----BEGIN CERTIFICATE-----",
  },
  {
    what: "a file behind a link",
    spoil: `mv ${folder}/registry/config.yml /root/config.yml && ln --symbolic /root/config.yml ${folder}/registry/config.yml`,
    look: `stat --format %F ${folder}/registry/config.yml`,
    right: "regular file",
  },
  {
    what: "a stopped container",
    spoil: "docker stop container-registry-registry-1",
    look: "docker inspect --format '{{.State.Status}}' container-registry-registry-1",
    right: "running",
  },
  {
    what: "a removed container",
    spoil: "docker rm --force container-registry-proxy-1",
    look: "docker inspect --format '{{.State.Status}}' container-registry-proxy-1",
    right: "running",
  },
  {
    what: "a disabled service",
    spoil: "systemctl disable container-registry.service",
    look: "systemctl is-enabled container-registry.service",
    right: "enabled",
  },
];

const world = withWorld(async ({ use }) => {
  const registry = use(await registryStack({ name: "drift" }));
  const { machine, stack, variant } = registry;
  await stack.up();
  await machine.run(
    "docker run --detach --name foreign $(docker images --quiet | head --lines 1) sh -c 'exec sleep 1000'",
  );
  const foreign = await foreignContainer(machine);

  for (const { spoil } of drifts) await machine.run(spoil);
  for (const { look, right } of drifts) expect((await machine.attempt(look)).stdout).not.toBe(right);
  await stack.setConfig({ variant: { ...variant, generation: "2" } });
  await stack.up();
  return { registry, foreign };
});

describe("up with another generation", () => {
  it.each(drifts)("puts right $what", async ({ look, right }) => {
    expect(await world().registry.machine.run(look)).toBe(right);
  });

  it("serves again", async () => {
    expect(await answer()).toBe("401");
  });

  it("leaves a foreign container alone", async () => {
    const { registry, foreign } = world();
    expect(await foreignContainer(registry.machine)).toBe(foreign);
  });
});

describe("two operators at once", () => {
  it("take turns: the second waits, and is told for whom", async () => {
    const { machine, stack, variant } = world().registry;
    await using other = await registryStack({ name: "drift", machine: { reuse: true } });
    // The two stacks have separate states, so the second stack must be allowed to take the registry over from the first.
    const owner = await machine.run("cut -d ' ' -f 1 /var/lib/container-registry/registry/owner");
    await other.stack.setConfig({ takeOverFrom: [owner.trim()] });
    await stack.setConfig({ variant: { ...variant, generation: "3" } });

    const first = stack.startUp();
    const working = await freezeApply(machine, "ls $stage/tree/etc");
    const holder = await machine.run("cat /var/lib/container-registry/lock");
    const second = other.stack.startUp();
    await vi.waitUntil(() => second.output().includes("waiting for another apply"), { timeout: 90_000 });
    expect(holder).toMatch(/^pid \d+, by operator from \S+ .*, since 20/);
    expect(second.output()).toContain(`waiting for another apply: ${holder}`);

    await working.thaw();
    expect(await first.result).toMatchObject({ exitCode: 0 });
    expect(await second.result).toMatchObject({ exitCode: 0 });
  });
});

function answer(): Promise<string> {
  const { machine, host } = world().registry;
  return machine.run(
    `curl --silent --output /dev/null --write-out '%{http_code}' --cacert ${folder}/ca.pem https://${host}/v2/`,
  );
}

function foreignContainer(machine: Machine): Promise<string> {
  return machine.run("docker inspect --format '{{.Id}} {{.State.Status}} {{.State.StartedAt}}' foreign");
}
