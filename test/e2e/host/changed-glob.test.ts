import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Credentials, trust } from "../../../lab/clients/clients.ts";
import type { Attempt, Machine } from "../../../lab/hosts/machine.ts";
import { withWorld } from "../../with-world.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { request } from "../support/request.ts";

const jenkins = { name: "jenkins", push: ["**"] };
const megabytes = 200;

const world = withWorld(async ({ use }) => {
  const teamA = { name: "team-a", push: ["team-a/**"] };
  const registry = use(await registryStack({ name: "changed-glob", accounts: [jenkins, teamA] }));
  const { machine, stack } = registry;
  await stack.up();
  await trust(machine, registry.host, String((await stack.outputs()).registryCa));

  await stack.setConfig({ accounts: [jenkins, { ...teamA, push: ["team-b/**"] }] });
  const preview = await stack.preview({ diff: true });
  const before = { containers: await containers(machine), connections: await machine.sshConnections() };
  const push = await pushAcross(registry, () => stack.up());
  const connections = (await machine.sshConnections()) - before.connections;
  return { registry, preview, before, push, connections };
});

describe("preview of a changed glob", () => {
  it("shows the changed line, once as it was and once as it will be", () => {
    const changed = world().preview.stdout.matchAll(/^ *([-+]) \t*(.*)$/gm);
    expect(Array.from(changed, ([, sign, line]) => `${sign} ${line}`)).toEqual([
      '- "~^team-a (?:pull|push) team-a/.+$" yes',
      '+ "~^team-a (?:pull|push) team-b/.+$" yes',
    ]);
  });

  it("changes the host's command, and the component that shows policies the setting", () => {
    expect(world().preview.stdout).toMatch(/Resources:\n\s+~ 2 to update\n\s+\d+ unchanged$/);
  });

  it("shows nothing secret", async () => {
    const { registry, preview } = world();
    const secrets = await registry.machine.run(
      `cd /etc/container-registry
       sed -n 's/.*\\(\\$2.\\$[^ "]*\\).*/\\1/p; s/.*"Bearer \\([^"]*\\)".*/\\1/p' caddy/accounts.caddy
       sed -n 's/^  secret: //p' registry/config.yml
       sed -n 2p caddy/tls/key.pem`,
    );
    const passwords = Object.values(Object((await registry.stack.outputs()).accounts)).map(String);
    // The hash that has 22 dots is left out: it belongs to no password, so it is no secret.
    const hashes = secrets.split("\n").filter((line) => !line.includes(".".repeat(22)));
    // Each hash is there twice: for the newest password, and for the earlier one, which is the same before a rotation.
    const all = [...new Set(hashes), ...passwords];
    expect(all).toHaveLength(8);
    expect(all.filter((secret) => preview.output.includes(secret))).toEqual([]);
  });
});

describe("up with a changed glob", () => {
  it("opens one SSH connection", () => {
    expect(world().connections).toBe(1);
  });

  it("restarts no container", async () => {
    const { registry, before } = world();
    expect(await containers(registry.machine)).toBe(before.containers);
  });

  it.each([
    ["team-b/shop", 202],
    ["team-a/shop", 403],
  ])("from then on answers a push to %s with %i", async (repository, status) => {
    const { registry } = world();
    const { machine, host } = registry;
    const credentials = await account(registry, "team-a");
    const url = `https://${host}/v2/${repository}/blobs/uploads/`;
    expect(await request(machine, url, { method: "POST", credentials })).toMatchObject({ status });
  });

  it(`lets a push of ${megabytes} MB in flight end well`, async () => {
    const { registry, push } = world();
    const { machine, host } = registry;
    expect(push).toMatchObject({ underWayAfterUp: true, ok: true, stdout: expect.stringMatching(/^201 sha256:/) });
    const [, digest = ""] = push.stdout.split(" ");
    const blob = `https://${host}/v2/jenkins/big/blobs/${digest}`;
    expect(await machine.run(`curl --silent --fail "$1" | sha256sum`, { args: [blob] })).toContain(digest.slice(7));
  });
});

/** Runs a push that begins before `act`, sends data while `act` runs, and cannot end before `act` has ended. */
async function pushAcross(
  registry: RegistryStack,
  act: () => Promise<unknown>,
): Promise<Attempt & { underWayAfterUp: boolean }> {
  const { machine, host } = registry;
  const { name, password } = await account(registry, "jenkins");
  let ended = false;
  const pushing = machine
    .attempt(pushScript, {
      args: [`https://${host}`, `${megabytes}`],
      input: `user = "${name}:${password}"\n`,
      timeoutSeconds: 280,
    })
    .finally(() => {
      ended = true;
    });
  const uploads = "/srv/data/registry/docker/registry/v2/repositories/jenkins/big/_uploads";
  const arrived = async () => Number.parseInt((await machine.attempt(`du -sBM ${uploads}`)).stdout, 10) || 0;
  while ((await arrived()) < 5 && !ended) await sleep(100);
  await act();
  const underWayAfterUp = !ended;
  await machine.run("touch /run/act-ended");
  return { ...(await pushing), underWayAfterUp };
}

/**
 * Shell script of the push: it sends 10 MB a second until the file /run/act-ended exists, then as fast as possible. The last
 * megabyte is not sent before.
 */
const pushScript = `
  umask 077
  cat >/root/curlrc
  head --bytes "$2"M /dev/urandom >/root/blob
  digest=sha256:$(sha256sum /root/blob | cut -d ' ' -f 1)
  curl() { command curl --silent --show-error --fail --config /root/curlrc --output /dev/null "$@"; }
  sent() { tr -d '\\r' | sed -n 's/^location: //ip'; }
  throttled() {
    for megabyte in $(seq 0 $(($1 - 1))); do
      if [ ! -e /run/act-ended ]; then sleep 0.1; fi
      until [ "$megabyte" -lt $(($1 - 1)) ] || [ -e /run/act-ended ]; do sleep 0.1; done
      dd if=/root/blob bs=1M skip="$megabyte" count=1 status=none
    done
  }
  location=$(curl --request POST --dump-header - "$1/v2/jenkins/big/blobs/uploads/" | sent)
  location=$(throttled "$2" | curl --request PATCH --upload-file - --header 'Content-Type: application/octet-stream' --dump-header - "$1$location" | sent)
  curl --request PUT --write-out '%{http_code} ' "$1$location&digest=$digest"
  echo "$digest"`;

async function account(registry: RegistryStack, name: string): Promise<Credentials> {
  return { name, password: await registry.password(name) };
}

/** The ids of all containers, and when each container last started. */
function containers(machine: Machine): Promise<string> {
  return machine.run("docker inspect --format '{{.Id}} {{.State.StartedAt}}' $(docker ps --all --quiet)");
}
