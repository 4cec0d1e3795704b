import { statSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { describe, expect, it, vi } from "vitest";
import type { RunningPulumi } from "../../../lab/engine/pulumi-command.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { withWorld } from "../../with-world.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runSection } from "../support/docs-pages/run-page.ts";
import { freeze, freezeApply } from "../support/freeze.ts";
import { accounts, expectServes, mayPush, serving, setRepositories } from "../support/host/faults.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const archive = "/var/tmp/container-registry-operator/registry-registry-image.tar";
const caddyfile = "/etc/container-registry/caddy/Caddyfile";

const registry = withWorld(() => registryStack({ name: "killed-up", machine: { kind: "client" }, accounts }));

describe("a first up, killed", () => {
  it("while resources are made, leaves the host as it was", async () => {
    await killedUp((up) => vi.waitUntil(() => up.output().includes("registry-ca-key created"), { timeout: 120_000 }));
    expect(await left()).toBe("");
  });

  // On a busy machine, the transfer may end before it is frozen.
  it("while an archive is sent, leaves a part of it", { retry: 2 }, async () => {
    const { machine } = registry();
    await machine.run(`rm -f ${archive}`);
    const sending = await killedUp(() => freeze(machine, `[ -s ${archive} ]`, "pgrep --exact sftp-server"));
    await sending.kill();
    const { size } = statSync((await registryImage("registry")).archive);
    expect(Number(await machine.run(`stat --format %s ${archive}`))).toBeLessThan(size);
    expect(await left()).toBe("");
  });

  it("while the host stages files, its script too, leaves none in place", async () => {
    const staging = await killedUp(() =>
      freezeApply(registry().machine, `[ -s $stage/tree/etc/container-registry/compose.yaml ]`),
    );
    await staging.kill();
    expect(await left()).toBe("/var/lib/container-registry/registry");
  });

  it("while the host starts containers, its script too, leaves them to the next", async () => {
    const started = `docker ps --quiet --filter label=com.docker.compose.service=registry | grep .`;
    const activating = await killedUp(() => freezeApply(registry().machine, started));
    await activating.kill();
    expect(await left()).toContain("/etc/container-registry");
  });

  it("while the host starts containers, which it goes on with alone", async () => {
    const activating = await killed(() => freezeApply(registry().machine, "pgrep --full '[c]ompose.yaml up'"));
    await activating.thaw();
    // The apply on the host holds this lock until it ends, so waiting for the lock is waiting for the apply.
    await registry().machine.run("flock --timeout 110 /var/lib/container-registry/lock true");
    const ping = "curl --silent --output /dev/null --write-out '%{http_code}' --cacert /etc/container-registry/ca.pem";
    expect(await registry().machine.run(`${ping} https://${registry().host}/v2/`)).toBe("401");
  });
});

it("docs/incidents/stuck-up.md › says who holds the lock, gives it up, and brings the up to its end", async () => {
  const { stack } = registry();
  const page = docsPage("incidents/stuck-up.md");
  const holder = `${userInfo().username}@${hostname()} \\(pid \\d+\\) at `;
  expect(await runFirst(stack, page)).toEqual({
    exitCode: expect.toSatisfy((code) => code !== 0),
    output: expect.stringMatching(`currently locked by 1 lock\\(s\\)[\\s\\S]*created by ${holder}`),
  });
  await runSection(stack, page, "Mend");
  await runSection(stack, page, "Over when");
});

describe("up after those", () => {
  const served = withWorld(() => serving(registry()));

  it("comes to its end, and the registry serves", () => expectServes(served()));

  it("leaves nothing to do and nothing behind", async () => {
    const { machine, stack } = registry();
    const before = await machine.sshConnections();
    expect((await stack.up()).stdout).not.toMatch(/created|updated|replaced|deleted/);
    expect(await machine.sshConnections()).toBe(before);
    const temporary = "-name 'stage.*' -o -name previous -o -name pending -o -name '*.new' -o -name 'registry-*.tar'";
    expect(
      await machine.run(`find /var/lib/container-registry/registry /etc/container-registry /var/tmp ${temporary}`),
    ).toBe("");
  });

  describe("then the host's script, killed", () => {
    const inPlace = `cmp $stage/tree${caddyfile} ${caddyfile}`;
    /** The status with which the proxy answers when team-a starts a push below team-a, and below team-b. */
    const pushes = async () => [await mayPush(served(), "team-a"), await mayPush(served(), "team-b")];

    it("between writing the files and activating, leaves the old rights served and the new ones pending", async () => {
      const { machine, stack } = registry();
      await setRepositories(registry(), "team-b");
      const up = stack.startUp();
      const placed = await freezeApply(machine, inPlace);
      expect(await machine.run(`grep -c team-b/ ${caddyfile}`)).toBe("1");
      await placed.kill();
      expect(await up.result).not.toMatchObject({ exitCode: 0 });
      expect(await pushes()).toEqual([202, 403]);
      await expectServes(served());
    });

    it("leaves the next up to reload the proxy", async () => {
      await registry().stack.up();
      expect(await pushes()).toEqual([403, 202]);
    });

    it("between activating and committing, leaves the new rights served; the old settings take them back", async () => {
      const { machine, stack, variant } = registry();
      const unheard = "INPUT --in-interface lo --protocol tcp --dport 5000 --jump DROP";
      await setRepositories(registry(), "team-a");
      await machine.run(`iptables --insert ${unheard}`);
      const up = stack.startUp();
      const verifying = await freezeApply(machine, "pgrep --exact curl");
      await verifying.kill();
      await machine.run(`iptables --delete ${unheard}`);
      expect(await up.result).not.toMatchObject({ exitCode: 0 });
      expect(await pushes()).toEqual([202, 403]);

      // The killed `up` is not in the stack's state, so the old settings count as unchanged. Another `generation` runs the
      // apply anyway.
      await setRepositories(registry(), "team-b");
      await stack.setConfig({ variant: { ...variant, generation: "2" } });
      await stack.up();
      expect(await pushes()).toEqual([403, 202]);
    });
  });
});

/** Runs `up` until `point` resolves, then kills `up` and all processes that it started, and removes its lock. */
async function killedUp<T>(point: (up: RunningPulumi) => Promise<T>): Promise<T> {
  return killed(point).finally(() => registry().stack.unlock());
}

/** Runs `up` until `point` resolves, then kills `up` and all processes that it started. The stack stays locked. */
async function killed<T>(point: (up: RunningPulumi) => Promise<T>): Promise<T> {
  const up = registry().stack.startUp();
  const ended = up.result.then(({ output }) => {
    throw new Error(`up ended before it could be killed: ${output}`);
  });
  try {
    return await Promise.race([point(up), ended]);
  } finally {
    await up.kill();
    await ended.catch(() => undefined);
  }
}

/** The folders of the registry that are still on the host. */
async function left(): Promise<string> {
  const folders = "/etc/container-registry /srv/data /var/lib/container-registry/registry";
  return registry().machine.run(`ls --directory ${folders} 2>/dev/null || :`);
}
