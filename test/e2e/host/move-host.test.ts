import { expect, it } from "vitest";
import { authFile } from "../../../lab/clients/auth-file.ts";
import { trust } from "../../../lab/clients/clients.ts";
import { secretInput } from "../../../lab/clients/outcome.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { withWorld } from "../../with-world.ts";
import { containers } from "../support/host/host-state.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { registryCommand } from "../support/registry-command.ts";

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

it("registry move-host › brings every image over while clients push and pull, and the old host is then stopped", {
  timeout: 280_000,
}, async () => {
  const { registry, next, client, image, jenkins, leadTo } = world();
  const { stack, machine, variant } = registry;
  const credentials = { input: secretInput(jenkins) };
  const pushed = await client.attempt(push, { args: [`${image}:first`], ...credentials });
  expect(pushed.output).toContain("sha256:");
  await client.run(`${background}\nload push`, { args: [image, push], ...credentials });
  await client.run(`${background}\nload pull`, { args: [image, pull], ...credentials });

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
  expect((await client.attempt(push, { args: [`${image}:second`], ...credentials })).ok).toBe(true);
  await next.run(`rm -r ${storage}/repositories/theirs`);

  const { exitCode, stdout, output } = await registryCommand(stack, ["move-host", "--json"]).result;
  expect(exitCode, output).toBe(0);
  process.stderr.write(`move-host: ${stdout}\n`);
  const late = await client.attempt(push, { args: [`${image}:late`], ...credentials });
  expect(late).toMatchObject({ ok: false, output: expect.stringContaining("this one is read-only") });

  await leadTo(next);
  const acknowledged = (await client.run("cat /tmp/push.done")).trim().split("\n");
  process.stderr.write(`${acknowledged.length} pushes were acknowledged\n`);
  expect(acknowledged.length).toBeGreaterThan(5);
  const missing = await client.attempt(allThere, { args: [image], ...credentials });
  expect(missing).toMatchObject({ ok: true, stdout: "" });
  expect((await client.attempt(push, { args: [`${image}:next`], ...credentials })).output).toContain("sha256:");

  await stack.setConfig({ variant: { ...moving, oldHost: undefined } });
  await stack.up();
  await client.run("touch /tmp/load.end; while [ -e /tmp/pull.runs ]; do sleep 0.2; done");
  expect(await client.run("cat /tmp/pull.failed 2>/dev/null || true")).toBe("");
  expect(Number(await client.run("wc -l </tmp/pull.done"))).toBeGreaterThan(10);
  expect(await containers(machine)).toBe("");
  expect(await machine.run(`ls ${storage}/repositories/team/load/_manifests/tags`)).toContain("first");
  await stack.preview({ expectNoChanges: true });
});

/** Pushes an image of one new layer as `$1`. */
const push = `${authFile}
  head --bytes 64K /dev/urandom >"$auth/layer"
  tar --create --file "$auth/layer.tar" --directory "$auth" layer
  DOCKER_CONFIG="$auth" timeout 30 crane append --new_layer "$auth/layer.tar" --new_tag "$1"`;

/** Pulls `$1`. */
const pull = `${authFile}
  DOCKER_CONFIG="$auth" timeout 30 crane pull "$1" "$auth/image.tar"`;

/**
 * Runs the script `$2` again and again until /tmp/load.end exists, for another tag each time it pushes, and for the first one
 * when it pulls. `/tmp/NAME.done` gets the tag of each run that succeeded, `/tmp/NAME.failed` what the others say.
 */
const background = `
  image=$1 script=$2
  input=$(cat)
  load() {
    touch "/tmp/$1.runs"
    (
      number=0
      while [ ! -e /tmp/load.end ]; do
        sleep 0.5
        number=$((number + 1)) tag=first
        [ "$1" = pull ] || tag=number-$number
        if printf '%s\\n' "$input" | sh -c "$script" sh "$image:$tag" >"/tmp/$1.output" 2>&1; then
          echo "$tag" >>"/tmp/$1.done"
        else
          cat "/tmp/$1.output" >>"/tmp/$1.failed"
        fi
      done
      rm "/tmp/$1.runs"
    ) >/dev/null 2>&1 &
  }`;

/** Prints each acknowledged tag of `$1` that cannot be pulled. */
const allThere = `${authFile}
  for tag in first second $(cat /tmp/push.done); do
    DOCKER_CONFIG="$auth" crane pull "$1:$tag" "$auth/image.tar" >/dev/null 2>&1 || echo "$tag"
  done`;
