import { expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { withWorld } from "../../with-world.ts";
import { folder, startComposeRegistry } from "../support/host/compose-registry.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { request } from "../support/request.ts";

const repository = "whanos/shop";
const users = { build_user: "from-the-wiki", "first.last": "since-2021" };
const both = Object.entries(users).map(([name, password]) => ({ name, password }));

// Traefik and registry on a Compose network, no published port for the registry, users of an htpasswd file.
const world = withWorld(async ({ use }) => {
  const name = "take-over-compose";
  const old = await startComposeRegistry(name, { repository, users });
  const registry = use(
    await registryStack({
      name,
      machine: { kind: "wiki", reuse: true },
      containerRegistry: { requiresAuthForPull: true },
      accounts: [
        { name: "build_user", push: ["**"] },
        { name: "first.last", pull: ["**"] },
      ],
      variant: { takeOver: true },
      secrets: { htpasswd: old.htpasswd },
    }),
  );
  return { old, registry };
});

const containers = () =>
  world().registry.machine.run(
    "docker ps --all --quiet | xargs docker inspect --format '{{slice .Name 1}} {{.State.Status}} {{.HostConfig.RestartPolicy.Name}}' | sort",
  );

const starts = () =>
  world().registry.machine.run(
    "docker ps --all --quiet | xargs docker inspect --format '{{.Id}} {{.State.StartedAt}} {{.HostConfig.RestartPolicy.Name}}' | sort",
  );

async function digestAt(url: string, credentials: { name: string; password: string }) {
  const { machine } = world().registry;
  const headers = [
    "Accept: application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json",
  ];
  const answer = await request(machine, `${url}/v2/${repository}/manifests/1.0`, {
    method: "HEAD",
    credentials,
    headers,
  });
  return /^docker-content-digest: (\S+)/im.exec(answer.headers)?.[1] ?? answer.status;
}

it("up stops nothing where the images cannot be found", async () => {
  const { machine, stack } = world().registry;
  await machine.run(`mv ${folder}/data/docker ${folder}/away`);
  const before = await starts();
  const { exitCode, output } = await stack.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(output).toContain(
    `variant.takeOver stopped nothing: the container shop-registry-1 (registry:2) holds no images in ${folder}/data`,
  );
  expect(await starts()).toBe(before);
  await machine.run(`mv ${folder}/away ${folder}/data/docker`);
  for (const user of both) expect(await digestAt("http://127.0.0.1", user)).toBe(world().old.digest);
});

it("up adopts the images where they are, and both old containers are stopped and stay", async () => {
  const { machine, stack, host } = world().registry;
  const { output } = await stack.up();
  expect(output).toContain("found on port 80: the container shop-traefik-1 (traefik:3)");
  expect(output).toContain(
    `found the old registry: the container shop-registry-1 (registry:2), with its images in ${folder}/data`,
  );
  expect(await machine.run("readlink /srv/data/registry")).toBe(`${folder}/data`);
  expect(await containers()).toBe(
    "container-registry-proxy-1 running unless-stopped\ncontainer-registry-registry-1 running unless-stopped\nshop-registry-1 exited no\nshop-traefik-1 exited no",
  );
  await trust(machine, host, String((await stack.outputs()).registryCa));
});

it("its users log in with the names and passwords that they have, and have the rights of their accounts", async () => {
  const { machine, host } = world().registry;
  const upload = (credentials: { name: string; password: string }) =>
    request(machine, `https://${host}/v2/${repository}/blobs/uploads/`, { method: "POST", credentials });
  for (const user of both) expect(await digestAt(`https://${host}`, user)).toBe(world().old.digest);
  expect(await digestAt(`https://${host}`, { name: "build_user", password: users["first.last"] })).toBe(401);
  const statuses = await Promise.all(both.map(async (user) => (await upload(user)).status));
  expect(statuses).toEqual([202, 403]);
});

it("put-back is one command, and the old ones serve the same users again", async () => {
  const { machine } = world().registry;
  await machine.run("/var/lib/container-registry/take-over/put-back");
  expect(await containers()).toBe("shop-registry-1 running always\nshop-traefik-1 running always");
  for (const user of both)
    await expect
      .poll(() => digestAt("http://127.0.0.1", user), { timeout: 60_000, interval: 500 })
      .toBe(world().old.digest);
});
