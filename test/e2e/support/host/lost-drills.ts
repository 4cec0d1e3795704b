import { describe, expect, it } from "vitest";
import { clients } from "../../../../lab/clients/clients.ts";
import type { PulumiStack } from "../../../../lab/engine/pulumi-stack.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import type { Minio } from "../../../../lab/services/minio.ts";
import { withWorld } from "../../../with-world.ts";
import { commandReport, expectAllPull, type Pushed, pushNew } from "./backed-up.ts";
import { startInsteadOf } from "./lost-host.ts";
import { loseState, startOver, typed } from "./lost-stack.ts";
import type { RegistryStack } from "./registry-stack.ts";

export type BackedUpWorld = {
  registry: RegistryStack;
  /** A machine whose docker trusts the registry by the stack's `nodes`. */
  node: Machine;
  /** Where the backups are. */
  minio: Minio;
  pushed: Pushed;
};

/** The steps of docs/lost-host.md and docs/lost-passphrase.md, one after the other. They destroy the registry's machine and its stack. */
export function lostDrills(world: () => BackedUpWorld): void {
  /** The registry after the first drill. */
  let moved: RegistryStack;
  const things = withWorld(({ use }) => ({ use }));

  describe("docs/lost-host.md", () => {
    it("brings a lost host back on another machine, with its accounts, images and the nodes' trust", async () => {
      const { registry, node, pushed } = world();
      const { stack, variant } = registry;
      const password = await registry.password("jenkins");
      await stack.setConfig({ variant });
      for (const image of ["team/app:1.0", "team/app:1.1"]) pushed[image] = await pushNew(registry, image);
      await commandReport(stack, "backup");
      const machine = things().use(await startInsteadOf(registry, "backup-next"));
      moved = { ...registry, machine, variant: { ...variant, connection: machine.connection } };
      const { address, port } = registry.machine.connection;
      const oldHost = { kind: "stopped", address: `${address}:${port}` };

      const started = Date.now();
      await stack.setConfig({ variant: { ...moved.variant, oldHost } });
      const { exitCode, output } = await stack.startUp().result;
      expect(exitCode).not.toBe(0);
      expect(output).toContain("If that machine no longer exists");
      const [line = ""] = /pulumi state delete '\S+'/.exec(output) ?? [];
      await typed(stack, `${line} --yes`);
      const restored = await commandReport(stack, "restore");
      process.stderr.write(`the lost host serves again after ${Math.round((Date.now() - started) / 1000)} s\n`);

      expect(restored).toMatchObject({ problems: [] });
      await expectAllPull(moved, pushed);
      expect(await moved.password("jenkins")).toBe(password);
      await expectNodePulls(node, moved, pushed, password);
      await stack.preview({ expectNoChanges: true });
    });
  });

  describe("docs/lost-passphrase.md", () => {
    it("puts a lost state back from its export, and up has nothing to do", async () => {
      const { stack } = moved;
      await typed(stack, "pulumi stack export --file ../exported.json");
      await loseState(stack);
      await typed(stack, "pulumi stack init backup && pulumi stack import --file ../exported.json");
      await stack.preview({ expectNoChanges: true });
    });

    it("has a new stack take over the host, which serves on, after a lost passphrase", async () => {
      const { node, minio, pushed } = world();
      const { machine, stack } = moved;
      const password = await moved.password("jenkins");
      const next = things().use(
        await startOver(stack, "backup-again", {
          sshPrivateKey: machine.keys.privateKey,
          backupPassword: await machine.run("cat /etc/container-registry/backup/password"),
          backupS3AccessKey: minio.accessKey,
          backupS3SecretKey: minio.secretKey,
          passwords: JSON.stringify({ jenkins: password }),
        }),
      );
      await next.setConfig({ takeOverFrom: [await refusedOwner(next)] });
      const up = next.startUp();
      const interruption = await longestInterruption(up.result, moved);
      expect((await up.result).exitCode).toBe(0);
      // distribution restarts once, since the key that it signs uploads with is new.
      expect(interruption).toBeLessThan(60);
      process.stderr.write(`the new stack's up interrupted pulls for ${interruption} s\n`);

      await expectNodePulls(node, moved, pushed, password);
      expect(await commandReport(next, "backup", "verify")).toMatchObject({ problems: [] });
      await next.setConfig({ takeOverFrom: undefined });
      await next.up();
      await typed(next, "pulumi stack rm --force --yes backup");
    });
  });
}

/** The owner that the error of a refused `up` names. */
async function refusedOwner(stack: PulumiStack): Promise<string> {
  const { exitCode, output } = await stack.startUp().result;
  expect(exitCode).not.toBe(0);
  return /belongs to the stack container-registry\/backup \(owner ([0-9a-f]{16})\)/.exec(output)?.[1] ?? output;
}

/** Pulls a manifest again and again, with any certificate, and returns the longest time without one, in seconds. */
async function longestInterruption(done: Promise<unknown>, { machine, host }: RegistryStack): Promise<number> {
  let ended = false;
  void done.then(() => {
    ended = true;
  });
  const pull = 'curl --insecure --fail --silent --max-time 20 --output /dev/null "$1"';
  let [pulled, longest] = [Date.now(), 0];
  while (!ended) {
    const { ok } = await machine.attempt(pull, { args: [`https://${host}/v2/team/app/manifests/1.0`] });
    longest = Math.max(longest, Date.now() - pulled);
    if (ok) pulled = Date.now();
  }
  return longest / 1000;
}

/** Logs in to the registry by docker on a node, pulls each image and compares its digest. */
async function expectNodePulls(node: Machine, { host }: RegistryStack, pushed: Pushed, password: string) {
  const jenkins = { name: "jenkins", password };
  for (const [image, digest] of Object.entries(pushed))
    expect(await clients.docker.pull(node, `${host}/${image}`, jenkins)).toEqual({ ok: true, digest });
}
