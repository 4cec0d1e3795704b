import { describe, expect, it } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { withWorld } from "../../with-world.ts";
import { clientNames, credentialsOf } from "../support/client-table.ts";
import { crane } from "../support/crane.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const world = withWorld(async ({ use }) => {
  const [registry, client] = await Promise.all([
    registryStack({ name: "immutable" }),
    startMachine({ name: "immutable-client", kind: "client" }),
  ]);
  use(client);
  use(registry);
  const { host, stack } = registry;
  await stack.up();
  const { accounts, registryCa } = await stack.outputs();
  const jenkins = credentialsOf("jenkins", Object(accounts));
  await trust(client, host, String(registryCa));
  const [first, second] = [await testImage(client), await testImage(client)];
  const earlier = await clients.docker.push(client, first, `${host}/team-a/earlier:v1`, jenkins);
  await stack.setConfig({ immutableTags: ["team-a/**:v*"] });
  await stack.up();
  return { host, client, first, second, jenkins, earlier };
});

describe.each(clientNames)("%s, with an immutable tag", (name) => {
  const { push, pull } = clients[name];

  it("pushes it, pushes the same image again, and is refused another one with the reason", async () => {
    const { host, client, first, second, jenkins } = world();
    const reference = `${host}/team-a/${name}:v1`;
    const pushed = await push(client, first, reference, jenkins);
    expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
    expect(await push(client, first, reference, jenkins)).toEqual(pushed);
    const message = new RegExp(`denied\\W.*the tag team-a/${name}:v1 is immutable and names another manifest`, "i");
    expect(await push(client, second, reference, jenkins)).toEqual({
      ok: false,
      output: expect.stringMatching(name === "ctr" ? /403 Forbidden/ : message),
    });
    expect(await pull(client, reference)).toEqual(pushed);
  });

  it("moves a tag that no entry matches", async () => {
    const { host, client, first, second, jenkins } = world();
    const reference = `${host}/team-a/${name}:latest`;
    expect(await push(client, first, reference, jenkins)).toMatchObject({ ok: true });
    const moved = await push(client, second, reference, jenkins);
    expect(await pull(client, reference)).toEqual(moved);
  });
});

it("is immutable also where it was pushed before the setting", async () => {
  const { host, client, second, jenkins, earlier } = world();
  const reference = `${host}/team-a/earlier:v1`;
  expect(await clients.skopeo.push(client, second, reference, jenkins)).toMatchObject({ ok: false });
  expect(await clients.docker.pull(client, reference)).toEqual(earlier);
});

it.each([":v1", "@"])("crane deletes no immutable image by %s, and is told why", async (by) => {
  const { host, client, jenkins, earlier } = world();
  if (!earlier.ok) throw new Error(earlier.output);
  const target = `${host}/team-a/earlier${by === "@" ? `@${earlier.digest}` : by}`;
  expect(await crane(client, ["delete", target], jenkins)).toMatchObject({
    ok: false,
    output: expect.stringMatching(/DENIED: .*immutable/),
  });
});
