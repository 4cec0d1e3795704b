import { describe, expect, it } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { type LegacyHost, startLegacyHost } from "../../../lab/hosts/legacy-host.ts";
import { withWorld } from "../../with-world.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { request } from "../support/request.ts";

type TakenOver = RegistryStack & { wiki: LegacyHost };

const world = withWorld(async ({ use }) => {
  const failing = use(await wikiStack("take-over-fails", { takeOver: true }, { requiresAuthForPull: true }));
  // Only the old registry can read these files: its container has the capability to ignore file modes, the new one has not.
  await failing.machine.run("chmod --recursive a= /opt/registry/data/docker/registry/v2/repositories");
  const failed = failing.stack.startUp().result;
  const registry = use(await wikiStack("take-over"));
  return { failing, failed, registry };
});

describe("up on a host that runs another registry", () => {
  it("fails, names what holds the port and the way out", async () => {
    const { exitCode, output } = await world().registry.stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain("port 80 is held by the service caddy.service; stop it, or");
    expect(output).toContain("set variant.takeOver: true");
  });

  it("leaves it serving", () => expectOldServes(world().registry));
});

describe("up with takeOver", () => {
  it("stops nothing where everybody could pull from a registry that asks for a password", async () => {
    const { registry } = world();
    await registry.stack.setConfig({ variant: { ...registry.variant, takeOver: true } });
    const { exitCode, output } = await registry.stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      "variant.takeOver stopped nothing: the container registry (registry:2) asks for a password",
    );
    await expectOldServes(registry);
  });

  it("lists what it found and the way back", async () => {
    const { registry } = world();
    const containerRegistry = { host: registry.host, account: "jenkins", requiresAuthForPull: true };
    await registry.stack.setConfig({ containerRegistry });
    const { output } = await registry.stack.up();
    expect(output).toContain("found on port 80: the service caddy.service");
    expect(output).toContain("found on port 443: the service caddy.service");
    expect(output).toContain("found on port 5000: the container registry (registry:2)");
    expect(output).toContain("sudo /var/lib/container-registry/take-over/put-back");
  });

  it("serves the old images, under distribution 3, with the same digest", async () => {
    const { machine, stack, host, wiki } = world().registry;
    await trust(machine, host, String((await stack.outputs()).registryCa));
    expect(await machine.run("docker exec container-registry-registry-1 registry --version")).toContain("v3.");
    const credentials = { name: "jenkins", password: await world().registry.password("jenkins") };
    expect(await clients.docker.pull(machine, wiki.image.reference, credentials)).toEqual({
      ok: true,
      digest: wiki.image.digest,
    });
  });

  it("takes pushes into what it adopted", async () => {
    const { machine, host, password } = world().registry;
    const credentials = { name: "jenkins", password: await password("jenkins") };
    const upload = `https://${host}/v2/docker-internal/p2c/shop/blobs/uploads/`;
    expect(await request(machine, upload, { method: "POST", credentials })).toMatchObject({ status: 202 });
    expect(
      await machine.run("ls /opt/registry/data/docker/registry/v2/repositories/docker-internal/p2c/shop/_uploads"),
    ).not.toBe("");
  });

  it("keeps the old container and service, stopped and disabled, when Docker restarts", async () => {
    const { registry } = world();
    const { machine } = registry;
    await machine.run("systemctl restart docker");
    expect(await oldOnes(registry)).toEqual({ container: "exited no", service: "inactive disabled" });
  });
});

describe("put-back", () => {
  it("is one command, and the old registry serves again", async () => {
    const { registry } = world();
    await registry.machine.run("/var/lib/container-registry/take-over/put-back");
    expect(await oldOnes(registry)).toEqual({ container: "running always", service: "active enabled" });
    await trust(registry.machine, registry.host, registry.wiki.ca);
    // Docker and systemd start the old registry and its proxy again, and it takes a while until they answer.
    const { machine, host, wiki } = registry;
    const ping = () => request(machine, `https://${host}/v2/`, { credentials: wiki.account });
    await expect.poll(ping, { timeout: 60_000, interval: 200 }).toMatchObject({ status: 200 });
    await expectOldServes(registry);
  });

  it("leaves nothing of the new one running", async () => {
    const { machine } = world().registry;
    expect(await machine.run("docker ps --all --format '{{.Names}}'")).toBe("registry");
    expect((await machine.attempt("systemctl is-enabled container-registry")).stdout).toBe("disabled");
  });
});

describe("a take-over that does not come to serve", () => {
  it("fails with the reason", async () => {
    const { failing, failed } = world();
    const { exitCode, output } = await failed;
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`https://${failing.host} does not serve after 60 s`);
    expect(output).toContain("permission denied");
  });

  it("puts the old one back by itself", async () => {
    const { failing } = world();
    expect(await oldOnes(failing)).toEqual({ container: "running always", service: "active enabled" });
    await expectOldServes(failing);
  });
});

async function wikiStack(
  name: string,
  variant: Record<string, unknown> = {},
  containerRegistry: Record<string, unknown> = {},
): Promise<TakenOver> {
  const wiki = await startLegacyHost({ name });
  await trust(wiki.machine, wiki.host, wiki.ca);
  const registry = await registryStack({ name, machine: { kind: "wiki", reuse: true }, variant, containerRegistry });
  return { ...registry, wiki };
}

/** Expects that the old account can pull the old image, with the old CA. */
async function expectOldServes({ machine, wiki }: TakenOver): Promise<void> {
  const { name, password } = wiki.account;
  expect(await clients.curl.pull(machine, wiki.image.reference, { name, password })).toEqual({
    ok: true,
    digest: wiki.image.digest,
  });
  const anonymous = await clients.curl.pull(machine, wiki.image.reference);
  expect(anonymous.ok).toBe(false);
}

async function oldOnes({ machine }: TakenOver): Promise<{ container: string; service: string }> {
  const both = await machine.attempt("systemctl is-active caddy || :; systemctl is-enabled caddy || :");
  return {
    container: await machine.run(
      "docker inspect --format '{{.State.Status}} {{.HostConfig.RestartPolicy.Name}}' registry",
    ),
    service: both.stdout.replace("\n", " "),
  };
}
