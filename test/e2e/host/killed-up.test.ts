import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clients } from "../../../lab/clients/clients.ts";
import type { RunningPulumi } from "../../../lab/engine/pulumi-command.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { freeze, freezeApply } from "../support/freeze.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { type PushedImage, pushedImage } from "../support/pushed-image.ts";
import { request } from "../support/request.ts";

const jenkins = { name: "jenkins", push: ["**"] };
const teamA = { name: "team-a", push: ["team-a/**"] };
const teamB = { ...teamA, push: ["team-b/**"] };

const archive = "/var/tmp/container-registry-operator/registry-registry-image.tar";
const caddyfile = "/etc/container-registry/caddy/Caddyfile";

let registry: RegistryStack;
let image: PushedImage;
let password: string;

beforeAll(async () => {
  registry = await registryStack({ name: "killed-up", machine: { kind: "client" }, accounts: [jenkins, teamA] });
});
afterAll(() => registry[Symbol.asyncDispose]());

describe("a first up, killed", () => {
  it("while resources are made, leaves the host as it was", async () => {
    await killedUp((up) => vi.waitUntil(() => up.output().includes("registry-ca-key created"), { timeout: 120_000 }));
    expect(await left()).toBe("");
  });

  it("while an archive is sent, leaves a part of it", async () => {
    const { machine } = registry;
    const sending = await killedUp(() => freeze(machine, `[ -s ${archive} ]`, "pgrep --exact sftp-server"));
    await sending.kill();
    const { size } = statSync((await registryImage("registry")).archive);
    expect(Number(await machine.run(`stat --format %s ${archive}`))).toBeLessThan(size);
    expect(await left()).toBe("");
  });

  it("while the host stages files, its script too, leaves none in place", async () => {
    const staging = await killedUp(() =>
      freezeApply(registry.machine, `[ -s $stage/tree/etc/container-registry/compose.yaml ]`),
    );
    await staging.kill();
    expect(await left()).toBe("/var/lib/container-registry/registry");
  });

  it("while the host starts containers, its script too, leaves them to the next", async () => {
    const started = `docker ps --quiet --filter label=com.docker.compose.service=registry | grep .`;
    const activating = await killedUp(() => freezeApply(registry.machine, started));
    await activating.kill();
    expect(await left()).toContain("/etc/container-registry");
  });

  it("while the host starts containers, which it goes on with alone", async () => {
    const activating = await killedUp(() => freezeApply(registry.machine, "pgrep --full '[c]ompose.yaml up'"));
    await activating.thaw();
    // The apply on the host holds this lock until it ends, so waiting for the lock is waiting for the apply.
    await registry.machine.run("flock --timeout 110 /var/lib/container-registry/lock true");
    const ping = "curl --silent --output /dev/null --write-out '%{http_code}' --cacert /etc/container-registry/ca.pem";
    expect(await registry.machine.run(`${ping} https://${registry.host}/v2/`)).toBe("401");
  });
});

describe("up after those", () => {
  it("comes to its end, and the registry serves", async () => {
    await registry.stack.up();
    image = await pushedImage(registry);
    password = await registry.password("team-a");
    expect(await pull()).toEqual({ ok: true, digest: image.digest });
  });

  it("leaves nothing to do and nothing behind", async () => {
    const { machine, stack } = registry;
    const before = await machine.sshConnections();
    expect((await stack.up()).stdout).not.toMatch(/created|updated|replaced|deleted/);
    expect(await machine.sshConnections()).toBe(before);
    const temporary = "-name 'stage.*' -o -name previous -o -name pending -o -name '*.new' -o -name 'registry-*.tar'";
    expect(
      await machine.run(`find /var/lib/container-registry/registry /etc/container-registry /var/tmp ${temporary}`),
    ).toBe("");
  });
});

describe("the host's script, killed", () => {
  const inPlace = `cmp $stage/tree${caddyfile} ${caddyfile}`;

  it("between writing the files and activating, leaves the old rights served and the new ones pending", async () => {
    const { machine, stack } = registry;
    await stack.setConfig({ accounts: [jenkins, teamB] });
    const up = stack.startUp();
    const placed = await freezeApply(machine, inPlace);
    expect(await machine.run(`grep -c team-b/ ${caddyfile}`)).toBe("1");
    await placed.kill();
    expect(await up.result).not.toMatchObject({ exitCode: 0 });
    expect([await pushTo("team-a/shop"), await pushTo("team-b/shop")]).toEqual([202, 403]);
    expect(await pull()).toEqual({ ok: true, digest: image.digest });
  });

  it("leaves the next up to reload the proxy", async () => {
    await registry.stack.up();
    expect([await pushTo("team-a/shop"), await pushTo("team-b/shop")]).toEqual([403, 202]);
  });

  it("between activating and committing, leaves the new rights served; the old settings take them back", async () => {
    const { machine, stack, variant } = registry;
    const unheard = "INPUT --in-interface lo --protocol tcp --dport 5000 --jump DROP";
    await stack.setConfig({ accounts: [jenkins, teamA] });
    await machine.run(`iptables --insert ${unheard}`);
    const up = stack.startUp();
    const verifying = await freezeApply(machine, "pgrep --exact curl");
    await verifying.kill();
    await machine.run(`iptables --delete ${unheard}`);
    expect(await up.result).not.toMatchObject({ exitCode: 0 });
    expect([await pushTo("team-a/shop"), await pushTo("team-b/shop")]).toEqual([202, 403]);

    // The killed `up` is not in the stack's state, so the old settings count as unchanged. Another `generation` runs the
    // apply anyway.
    await stack.setConfig({ accounts: [jenkins, teamB], variant: { ...variant, generation: "2" } });
    await stack.up();
    expect([await pushTo("team-a/shop"), await pushTo("team-b/shop")]).toEqual([403, 202]);
  });
});

/** Runs `up` until `point` resolves, then kills `up` and all processes that it started. */
async function killedUp<T>(point: (up: RunningPulumi) => Promise<T>): Promise<T> {
  const { stack } = registry;
  const up = stack.startUp();
  const ended = up.result.then(({ output }) => {
    throw new Error(`up ended before it could be killed: ${output}`);
  });
  const reached = await Promise.race([point(up), ended]);
  await up.kill();
  await ended.catch(() => undefined);
  await stack.unlock();
  return reached;
}

function pull() {
  return clients.curl.pull(registry.machine, image.reference);
}

/** The status with which the proxy answers when team-a starts a push. */
async function pushTo(repository: string): Promise<number> {
  const { machine, host } = registry;
  const url = `https://${host}/v2/${repository}/blobs/uploads/`;
  return (await request(machine, url, { method: "POST", credentials: { name: "team-a", password } })).status;
}

/** The folders of the registry that are still on the host. */
async function left(): Promise<string> {
  const folders = "/etc/container-registry /srv/data /var/lib/container-registry/registry";
  return registry.machine.run(`ls --directory ${folders} 2>/dev/null || :`);
}
