import { describe, expect, it } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { pushedImage } from "../support/pushed-image.ts";

const foreignFile = "/etc/container-registry/caddy/notes.txt";

const world = withWorld(async ({ use }) => {
  const registry = use(await registryStack({ name: "destroyed", machine: { kind: "client" } }));
  const { machine, stack } = registry;
  await stack.up();
  const image = await pushedImage(registry);
  const registryId = (await registryImage("registry")).id;
  await machine.run(`echo "somebody's" >${foreignFile}`);
  const foreignContainer = await machine.run("docker run --detach $1 sh -c 'exec sleep 1000'", { args: [registryId] });
  await stack.destroy();
  return { registry, image, registryId, foreignContainer };
});

describe("destroy", () => {
  it("removes its containers and no other", async () => {
    const { registry, foreignContainer } = world();
    expect(await registry.machine.run("docker ps --all --quiet --no-trunc")).toBe(foreignContainer);
  });

  it("removes its unit", async () => {
    const { machine } = world().registry;
    expect(await machine.run("systemctl show --property LoadState container-registry.service")).toBe(
      "LoadState=not-found",
    );
    expect(await machine.run("find /etc/systemd -name 'container-registry*'")).toBe("");
  });

  it("removes its files and no other", async () => {
    const folders = "/etc/container-registry /var/lib/container-registry /var/tmp/container-registry-*";
    expect(await world().registry.machine.run(`find ${folders} ! -type d 2>/dev/null || :`)).toBe(
      `${foreignFile}\n/var/lib/container-registry/lock`,
    );
  });

  it("removes the images it loaded, but not one that another container runs from", async () => {
    const { registry, registryId } = world();
    expect(await registry.machine.run("docker images --all --quiet --no-trunc")).toBe(registryId);
  });

  it("keeps what was pushed", async () => {
    const { registry, image } = world();
    const blob = `/srv/data/registry/docker/registry/v2/blobs/sha256/${image.digest.slice(7, 9)}/${image.digest.slice(7)}/data`;
    expect(await registry.machine.run(`sha256sum ${blob}`)).toContain(image.digest.slice(7));
  });
});

describe("up after destroy", () => {
  it("serves the old images, with the same digest", async () => {
    const { registry, image } = world();
    const { machine, stack, host } = registry;
    await stack.up();
    await trust(machine, host, String((await stack.outputs()).registryCa));
    expect(await clients.curl.pull(machine, image.reference)).toEqual({ ok: true, digest: image.digest });
  });
});

describe("destroy with deleteData", () => {
  it("removes the images and the certificates, and a foreign file still not", async () => {
    const { machine, stack, variant } = world().registry;
    await stack.setConfig({ variant: { ...variant, deleteData: true } });
    await stack.up();
    await stack.destroy();
    expect(await machine.run("ls --directory /srv/data/* 2>/dev/null || :")).toBe("");
    expect(await machine.run(`cat ${foreignFile}`)).toBe("somebody's");
  });
});
