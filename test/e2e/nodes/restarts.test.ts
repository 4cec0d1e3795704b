import { expect, it } from "vitest";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { withWorld } from "../../with-world.ts";
import { dressedReady } from "../support/nodes/node-files.ts";

// k3s itself cannot be installed here. A fake unit with k3s' name takes a while to be Ready, and records each time in which the
// unit was not Ready.

const names = ["node-restarts-1", "node-restarts-2", "node-restarts-3"];

const world = withWorld(async ({ use }) => {
  const machines = await Promise.all(names.map((name) => startMachine({ name, kind: "bare" })));
  for (const machine of machines.toReversed()) use(machine);
  for (const machine of machines) {
    await dressedReady(machine);
    await slowUnit(machine);
  }
  const stack = use(
    await startStack({
      name: "node-restarts",
      config: {
        containerRegistry: { host: "node-restarts.lab.test", requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "none" } },
      },
      secrets: { sshPrivateKey: machines[0]?.keys.privateKey ?? "" },
    }),
  );
  const nodes = machines.map(({ connection }, index) => ({
    ...{ name: names[index], runtime: "k3s", restart: true, verify: "none", connection },
  }));
  await stack.setConfig({ nodes });
  return { machines, stack };
});

it("a node that does not restart › stops those behind it, which are named as still pending and left untouched", async () => {
  const { machines, stack } = world();
  const [first, second, third] = machines as [Machine, Machine, Machine];
  await second.run("touch /var/lib/dressed/fails");
  const { exitCode, output } = await stack.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/node-restarts-2-k3s-apply@\S+ failed, .*: node-restarts-3-k3s-apply@\S+ are still pending/);
  expect(await told(first)).toBe(true);
  expect(await told(second)).toBe(false);
  expect([await told(third), await restarts(third)]).toEqual([false, []]);
});

it("nodes that restart › do so one after another, each once the one before is Ready", async () => {
  const { machines, stack } = world();
  for (const machine of machines) await machine.run("rm -f /var/lib/dressed/fails /var/lib/dressed/restarts");
  await stack.up();
  expect(await Promise.all(machines.map(told))).toEqual([true, true, true]);
  expectOneAtATime(await allRestarts(), 2);
  await stack.up({ flags: ["--expect-no-changes"] });
});

it("destroy › restarts them one after another, too", async () => {
  const { machines, stack } = world();
  for (const machine of machines) await machine.run("rm -f /var/lib/dressed/restarts");
  await stack.destroy();
  expect(await Promise.all(machines.map(told))).toEqual([false, false, false]);
  expectOneAtATime(await allRestarts(), 3);
});

/** When a unit stopped, and when it was Ready again, by the clock that all containers of this machine share. */
type Restart = [down: bigint, ready: bigint];

function expectOneAtATime(all: Restart[], count: number): void {
  expect(all).toHaveLength(count);
  const inOrder = all.sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [index, [, ready]] of inOrder.slice(0, -1).entries())
    expect(inOrder[index + 1]?.[0]).toBeGreaterThan(ready);
}

async function allRestarts(): Promise<Restart[]> {
  return (await Promise.all(world().machines.map(restarts))).flat();
}

async function restarts(machine: Machine): Promise<Restart[]> {
  const lines = await machine.run("cat /var/lib/dressed/restarts 2>/dev/null || :");
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" ").map(BigInt) as Restart);
}

async function told(machine: Machine): Promise<boolean> {
  return (await machine.run("cat /etc/rancher/k3s/registries.yaml 2>/dev/null || :")).includes(
    "node-restarts.lab.test",
  );
}

/**
 * Installs a fake k3s unit that is Ready three seconds after systemd considers it started. The unit's next start fails if the
 * file `fails` exists.
 */
function slowUnit(machine: Machine): Promise<string> {
  return machine.run(
    `cat >/usr/local/bin/dressed-k3s <<-'PROGRAM'
	#!/bin/sh
	cd /var/lib/dressed
	(sleep 3; [ ! -e down ] || printf '%s %s\\n' "$(cat down)" "$(date +%s%N)" >>restarts; rm -f not-ready down) &
	trap 'touch not-ready; date +%s%N >down; exit 0' TERM
	while :; do sleep 3600 & wait; done
	PROGRAM
     chmod 755 /usr/local/bin/dressed-k3s
     cat >/etc/systemd/system/k3s.service <<-'UNIT'
	[Service]
	ExecStartPre=/bin/sh -c 'cd /var/lib/dressed && [ ! -e fails ] || { rm fails; exit 1; }'
	ExecStart=/usr/local/bin/dressed-k3s
	# Else systemd's signal also ends what the trap has just begun, and the restart is not written down.
	KillMode=mixed
	UNIT
     systemctl daemon-reload
     systemctl start k3s`,
  );
}
