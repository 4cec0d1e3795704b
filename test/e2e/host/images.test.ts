import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const world = withWorld(async ({ use }) => {
  const source = use(await startRegistryServer({ name: "images-source" }));
  const push = async (name: "registry" | "proxy") =>
    source.push((await registryImage(name)).archive, `library/${name}`);
  const pulled = { registry: await push("registry"), proxy: await push("proxy") };
  const registry = use(
    await registryStack({
      name: "images",
      variant: { images: { registry: { reference: pulled.registry }, proxy: { reference: pulled.proxy } } },
    }),
  );
  await trust(registry.machine, source.host, source.ca);
  return { source, pulled, registry };
});

describe("images pulled by digest", () => {
  it("come from their registry, over the one SSH connection", async () => {
    const { pulled, registry } = world();
    const { output } = await registry.stack.up();
    expect(output).toContain(`pulling ${pulled.registry}`);
    expect(output).toContain(`pulling ${pulled.proxy}`);
    expect(await registry.machine.sshConnections()).toBe(1);
    await expectServes();
  });

  it("stand in compose.yaml by digest, to be pulled again by whoever runs it", async () => {
    const { pulled } = world();
    expect(await composeLines("image:|pull_policy:")).toEqual([`image: ${pulled.registry}`, `image: ${pulled.proxy}`]);
  });
});

describe("images out of archives", () => {
  it("are sent once each, over connections of their own", async () => {
    await withoutImages();
    // Four connections: one creates the folder for the archives, two send an archive each, and one applies.
    expect(await connectionsOf(async () => up({ images: await archives() }))).toBe(4);
    await expectServes();
  });

  it("leave nothing where they were sent to", async () => {
    expect(await world().registry.machine.run("ls /var/tmp")).toBe("");
  });

  it("stand in compose.yaml by id, never to be pulled", async () => {
    const { registry, proxy } = await archives();
    expect(await composeLines("image:|pull_policy:")).toEqual(
      [registry, proxy].flatMap(({ reference }) => [`image: ${reference}`, "pull_policy: never"]),
    );
  });

  it("are not in the state", async () => {
    const state = JSON.stringify(await world().registry.stack.exportState());
    const { size } = await stat((await registryImage("registry")).archive);
    expect(state).toContain("registry-proxy-image");
    expect(state.length).toBeLessThan(size / 20);
  });

  it("come back from the archive kept on the host, without being sent again", async () => {
    const { proxy } = await archives();
    await withoutImages();
    expect((await world().registry.machine.attempt("docker image inspect $1", { args: [proxy.reference] })).ok).toBe(
      false,
    );

    expect(await connectionsOf(async () => up({ images: await archives(), memory: { proxy: "128m" } }))).toBe(1);
    await expectServes();
  });

  it("are sent again to a machine that was rebuilt", async () => {
    await withoutImages();
    await world().registry.machine.run(
      "rm -r /etc/container-registry /var/lib/container-registry /etc/systemd/system/container-registry.service",
    );
    expect(await connectionsOf(async () => up({ images: await archives(), generation: "rebuilt" }))).toBe(4);
    await expectServes();
  });

  it("are refused where the archive holds another image, by the id that it has", async () => {
    const { registry } = world();
    const images = await archives();
    const other = `sha256:${"0".repeat(64)}`;
    await registry.stack.setConfig({
      variant: {
        ...registry.variant,
        generation: "rebuilt",
        images: { ...images, proxy: { ...images.proxy, reference: other } },
      },
    });
    const { exitCode, output } = await registry.stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`registry-proxy-image.tar holds no image ${other} but ${images.proxy.reference}; set`);
    await expectServes();
  });
});

async function up(variant: Record<string, unknown>): Promise<void> {
  const { registry } = world();
  await registry.stack.setConfig({ variant: { ...registry.variant, ...variant } });
  await registry.stack.up();
}

async function archives() {
  const archived = async (name: "registry" | "proxy") => {
    const { id, archive } = await registryImage(name);
    return { reference: id, archive };
  };
  return { registry: await archived("registry"), proxy: await archived("proxy") };
}

async function connectionsOf(act: () => Promise<void>): Promise<number> {
  const { registry } = world();
  const before = await registry.machine.sshConnections();
  await act();
  return (await registry.machine.sshConnections()) - before;
}

async function expectServes(): Promise<void> {
  const { registry } = world();
  const catalogue = 'curl --silent --fail --cacert /etc/container-registry/ca.pem "https://$1/v2/_catalog"';
  expect(await registry.machine.run(catalogue, { args: [registry.host] })).toBe('{"repositories":[]}');
}

function withoutImages(): Promise<string> {
  return world().registry.machine.run(
    "docker compose --file /etc/container-registry/compose.yaml down && docker image prune --all --force",
  );
}

async function composeLines(pattern: string): Promise<string[]> {
  const lines = await world().registry.machine.run('grep -E "$1" /etc/container-registry/compose.yaml', {
    args: [pattern],
  });
  return lines.split("\n").map((line) => line.trim());
}
