import { expect, it, vi } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { secretInput } from "../../../lab/clients/outcome.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { withWorld } from "../../with-world.ts";
import { startLoad } from "../support/background-load.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runLines } from "../support/docs-pages/run-page.ts";
import { containers } from "../support/host/host-state.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { lostImages, pullImage, pushImage, pushInHalves } from "../support/load-scripts.ts";
import { registryCommand } from "../support/registry-command.ts";

const page = docsPage("moving-a-host.md");
const storage = "/srv/data/registry/docker/registry/v2";

const world = withWorld(async ({ use }) => {
  const [registry, next, client] = await Promise.all([
    registryStack({ name: "move-host" }),
    startMachine({ name: "move-host-next" }),
    startMachine({ name: "move-host-client", kind: "client" }),
  ]);
  for (const each of [registry, next, client]) use(each);
  const { stack, machine, host } = registry;
  await stack.up();
  await trust(client, host, String((await stack.outputs()).registryCa));
  const image = `${host}/team/load`;
  const leadTo = ({ address }: Machine) =>
    client.run(
      `sed '/ ${host}$/d' /etc/hosts >/tmp/hosts; echo '${address} ${host}' >>/tmp/hosts; cat /tmp/hosts >/etc/hosts`,
    );
  await leadTo(machine);
  const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
  return { registry, next, client, image, jenkins, leadTo };
});

it("docs/moving-a-host.md › brings every image over while clients push and pull, and the old host is then stopped", {
  timeout: 900_000,
}, async () => {
  const { registry, next, client, image, jenkins, leadTo } = world();
  const { stack, machine, variant } = registry;
  const credentials = { input: secretInput(jenkins) };
  const push = (tag: string) => client.attempt(pushImage, { args: [`${image}:${tag}`], ...credentials });
  const first = await push("first");
  expect(first.output).toContain("sha256:");
  const load = { machine: client, credentials: jenkins };
  const pushes = await startLoad({ ...load, name: "push", reference: `${image}:{n}`, script: pushImage });
  const pulls = await startLoad({ ...load, name: "pull", reference: `${image}:first`, script: pullImage });

  const moving = {
    ...variant,
    connection: next.connection,
    oldHost: { kind: "read-only", connection: machine.connection },
  };
  await stack.setConfig({ variant: moving });

  // A machine that has other images is not written to, and the old host serves on.
  const foreign = `${storage}/repositories/theirs/link`;
  await next.run(`mkdir -p $(dirname ${foreign}) && echo theirs >${foreign}`);
  const refused = await registryCommand(stack, ["move-host"]).result;
  expect(refused.output).toContain("files that 127.0.0.1:");
  expect(refused.exitCode).toBe(1);
  const second = await push("second");
  expect(second.ok).toBe(true);
  await next.run(`rm -r ${storage}/repositories/theirs`);

  const halves = "/tmp/halves";
  const inHalves = client.attempt(pushInHalves, {
    args: [`${image}:first`, "in-halves", halves],
    ...credentials,
    timeoutSeconds: 300,
  });
  await vi.waitUntil(async () => (await client.attempt(`test -e ${halves}/begun`)).ok, { timeout: 30_000 });

  const step = (number: number) => runLines(stack, page, page.step(number));
  const moved = await step(2);
  process.stderr.write(`${moved}\n`);
  expect(moved).toMatch(
    /copied \d+ files, .* has refused pushes for \d+ s, and answers pulls\.\nNext: have move-host\./,
  );
  const late = await push("late");
  expect(late).toMatchObject({ ok: false, output: expect.stringContaining("this one is read-only") });

  await client.run(`touch ${halves}/go`);
  const ended = await inHalves;
  expect(ended).toMatchObject({ ok: true });
  await leadTo(next);
  const acknowledged = await pushes.runs();
  process.stderr.write(`${acknowledged.length} pushes were acknowledged\n`);
  expect(acknowledged.length).toBeGreaterThan(5);

  const tag = `${storage}/repositories/team/load/_manifests/tags/in-halves/current/link`;
  expect(await machine.run(`cat ${tag}`)).toBe(ended.stdout);
  expect((await next.attempt(`test -e ${tag}`)).ok).toBe(false);
  // A blob, and the links of its revision, of its tag, and of the tag's history.
  expect(await step(4)).toMatch(/; copied 4 files, .* refuses pushes, and answers pulls\.\n/);
  const byHand = Object.entries({ first, second, "in-halves": ended }).map(([tag, { stdout }]) => ({
    reference: `${image}:${tag}`,
    said: stdout,
  }));
  expect(await lostImages(client, [...byHand, ...acknowledged], jenkins)).toBe("");
  expect((await push("next")).output).toContain("sha256:");

  await stack.setConfig({ variant: { ...moving, oldHost: undefined } });
  const [removeOldHost = "", ...deleteImages] = page.step(5);
  await runLines(stack, page, [removeOldHost]);
  await pulls.stop();
  expect(await pulls.failures()).toEqual([]);
  expect((await pulls.runs()).length).toBeGreaterThan(10);
  expect(await containers(machine)).toBe("");
  expect(await machine.run(`ls ${storage}/repositories/team/load/_manifests/tags`)).toContain("first");
  await stack.preview({ expectNoChanges: true });

  expect(deleteImages).not.toEqual([]);
  for (const line of deleteImages) {
    const [, command = line] = /^ssh ubuntu@203\.0\.113\.5 '(.+)'$/.exec(line) ?? [];
    await machine.run('runuser -u operator -- sh -ec "$1"', { args: [command] });
  }
  expect(await machine.run("ls /srv/data/registry")).toBe("");
  expect(await client.attempt(pullImage, { args: [`${image}:in-halves`], ...credentials })).toMatchObject({ ok: true });
});
