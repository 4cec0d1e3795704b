import { expect, it } from "vitest";
import { clients } from "../../../lab/clients/clients.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import type { LogEvent } from "../../../operations/commands/logs/log-event.ts";
import { withWorld } from "../../with-world.ts";
import { crane } from "../support/crane.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runSection } from "../support/docs-pages/run-page.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { pushedImage } from "../support/pushed-image.ts";
import { registryCommand } from "../support/registry-command.ts";
import { request } from "../support/request.ts";
import { statusOf } from "../support/status.ts";

const timer = "container-registry-collect.timer";

const notify = { kind: "command", command: "/usr/local/bin/page" };

const world = withWorld(async ({ use }) => {
  const registry = use(
    await registryStack({ name: "collect", machine: { kind: "client", disks: { "/srv/data": 64 } } }),
  );
  const garbageCollection = { schedule: "Sun 03:00", graceDays: 7 };
  await registry.stack.setConfig({ garbageCollection, monitoring: { account: "jenkins" }, notify });
  await registry.stack.up();
  return { ...registry, image: await pushedImage(registry) };
});

it("collects on the schedule of the stack file", async () => {
  const { machine } = world();
  expect(await machine.run(`systemctl is-enabled ${timer} && systemctl is-active ${timer}`)).toBe("enabled\nactive");
  expect(await machine.run(`systemctl show -p TimersCalendar ${timer}`)).toContain("Sun *-*-* 03:00:00 UTC");
  await machine.run("systemctl start container-registry-collect.service");
});

it("writes the host's metrics every minute, for the account that monitors alone", async () => {
  const { machine, host, password } = world();
  expect(await machine.run("systemctl is-active container-registry-metrics.timer")).toBe("active");
  await machine.run("systemctl start container-registry-metrics.service");
  const credentials = { name: "jenkins", password: await password("jenkins") };
  const read = async (part: string) =>
    (await request(machine, `https://${host}/metrics/${part}`, { credentials })).body;
  const text = await read("host");
  const metric = (name: string) => Number(text.match(new RegExp(`^container_registry_${name} (.*)$`, "m"))?.[1]);
  expect(metric("disk_free_bytes")).toBeGreaterThan(0);
  for (const service of ["registry", "proxy"]) expect(metric(`container_up{service="${service}"}`)).toBe(1);
  expect(metric("certificate_expiry_timestamp_seconds")).toBeGreaterThan(Date.now() / 1000 + 86_400);
  expect(metric('interval_seconds{task="collection"}')).toBe(7 * 86_400);
  expect(await read("registry")).toContain("registry_http_requests_total{");
  expect(await read("proxy")).toContain("caddy_http_requests_total{");
  expect(await request(machine, `https://${host}/metrics/host`)).toMatchObject({ status: 401 });
});

it("tells what is wrong once, by the program of the stack file", async () => {
  const { machine, stack } = world();
  await machine.run("printf '#!/bin/sh\\ncat >>/root/told\\n' >/usr/local/bin/page && chmod +x /usr/local/bin/page");
  const told = async (...args: string[]) => {
    const { exitCode, stdout, output } = await registryCommand(stack, ["notify", "--json", ...args]).result;
    expect(exitCode, output).toBe(0);
    return JSON.parse(stdout);
  };
  expect(await told("--test")).toEqual({ found: 0, told: 1 });
  expect(await told()).toEqual({ found: 0, told: 0 });
  await machine.run("touch --date '20 days ago' /srv/data/registry/collection/last");
  expect(await told()).toEqual({ found: 1, told: 1 });
  await machine.run("systemctl start container-registry-notify.service");
  expect((await machine.run("cat /root/told")).split("\n")).toEqual([
    expect.stringContaining("this is a test"),
    expect.stringContaining("the last collection of garbage was 480 hours ago; npm run -s registry -- collect"),
  ]);
});

it("frees nothing that a manifest references", async () => {
  expect(await collect("--dry-run", "--min-age", "0s")).toMatchObject({ candidates: 0, movedBlobs: 0 });
});

it("says who pushed an image, by the proxy's access log", async () => {
  const command = registryCommand(world().stack, ["images", "--pushed", "--json"], "", namesOfTheLab);
  const { exitCode, stdout, output } = await command.result;
  expect(exitCode, output).toBe(0);
  const image = { tag: "1", pushed: { by: "jenkins", at: expect.stringMatching(/^\d{4}-.*Z$/) } };
  expect(JSON.parse(stdout).images).toMatchObject([image]);
});

it("says who pushed and pulled what, and what failed first", async () => {
  const { machine, stack, image, password } = world();
  const jenkins = { name: "jenkins", password: await password("jenkins") };
  expect(await clients.crane.pull(machine, image.reference, jenkins)).toMatchObject({ ok: true });
  await clients.crane.pull(machine, image.reference, { ...jenkins, password: "wrong" });
  const { exitCode, stdout, output } = await registryCommand(stack, ["logs", "--json"], "", namesOfTheLab).result;
  expect(exitCode, output).toBe(0);
  const { events } = JSON.parse(stdout) as { events: LogEvent[] };
  const told = events.map(({ account, action, reference, failed }) => [account, action, reference, failed]);
  expect(told.filter(([, action]) => action === "push")).toEqual([["jenkins", "push", "1", false]]);
  // Whoever may pull without an account does so, also after a login.
  expect(told).toContainEqual([undefined, "pull", "1", false]);
  expect(told).toContainEqual([undefined, "login", undefined, true]);
});

it("follows the log", async () => {
  const { machine, stack, image, password } = world();
  const following = registryCommand(
    stack,
    ["logs", "--follow", "--since", "1s", "--account", "anonymous"],
    "",
    namesOfTheLab,
  );
  try {
    const pull = async () => {
      await clients.crane.pull(machine, image.reference, { name: "jenkins", password: await password("jenkins") });
      return following.output().includes("pulled");
    };
    await expect.poll(pull, { timeout: 60_000 }).toBe(true);
  } finally {
    await following.kill();
  }
});

it("deletes an image by a rule for those that no tag leads to", async () => {
  const { machine, stack, image, password } = world();
  await stack.setConfig({ retention: [{ repositories: "**", untaggedAfter: 7 }] });
  const credentials = { name: "jenkins", password: await password("jenkins") };
  const deleted = await crane(machine, ["delete", image.reference], credentials);
  expect(deleted.ok, deleted.output).toBe(true);
  expect(await retained()).toMatchObject({ deleted: [], retainedUntagged: [{ digest: image.digest }] });
  await machine.run("find /srv/data/registry -path '*/revisions/*' -type f -exec touch --date '8 days ago' {} +");
  const { retention } = JSON.parse((await command("usage", "--json")).stdout);
  expect(retention).toEqual({ tags: 0, untagged: 1, freedBytes: expect.toSatisfy((bytes) => bytes > 0) });
  expect(await retained()).toMatchObject({ deleted: [{ digest: image.digest, tags: [] }], retainedUntagged: [] });
});

it("moves a deleted image into the trash, and puts it back", async () => {
  // A collection leaves an image whose links changed within the second before it, as the deletion above has changed them.
  const links = "-path '*/_manifests/revisions/sha256*' -type d";
  await world().machine.run(`find /srv/data/registry ${links} -exec touch --date '1 minute ago' {} +`);
  const collected = await collect("--min-age", "0s", "--wait", "1s");
  expect(collected.movedBlobs).toBeGreaterThanOrEqual(3);
  expect(await collect("--dry-run", "--min-age", "0s")).toMatchObject({ candidates: 0 });
  expect(await collect("--undo")).toMatchObject({ putBack: collected.movedBlobs });
  expect(await collect("--dry-run", "--min-age", "0s")).toMatchObject({ candidates: collected.movedBlobs });
});

it("says on one screen how the registry is", async () => {
  const { exitCode, report } = await statusOf(world().stack);
  expect([exitCode, report.attention, report.unknown]).toEqual([0, [], []]);
  expect(report).toMatchObject({
    ...{ variant: "host", serving: true, rotationsDue: 0, accounts: [{ name: "jenkins" }] },
    versions: { registry: "3.1.1", docker: expect.stringMatching(/^\d+\./) },
    containers: [
      { name: "container-registry-proxy-1", state: "running", health: "healthy" },
      { name: "container-registry-registry-1", state: "running", health: "healthy" },
    ],
    certificate: { daysLeft: 396, caDaysLeft: 3649 },
    disk: { path: "/srv/data/registry", readOnly: false },
    uploads: { active: 0 },
    next: { collection: expect.stringMatching(/T03:\d\d:/) },
  });
  expect(report.collection?.bytes).toBeGreaterThan(0);
});

it("says why the registry does not serve, and restarts it", async () => {
  const { machine, stack, host } = world();
  await machine.run("docker stop container-registry-registry-1 && docker rm --force container-registry-proxy-1");
  const { exitCode, report } = await statusOf(stack);
  expect([exitCode, report.serving]).toEqual([3, false]);
  expect(report.attention).toEqual([
    expect.stringContaining(`this machine cannot connect to https://${host}: connect ECONNREFUSED`),
    expect.stringContaining("container container-registry-registry-1 is exited"),
    expect.stringContaining("the proxy's container is not there; it comes back with: registry restart"),
  ]);
  const restarted = await registryCommand(stack, ["restart"], "", namesOfTheLab).result;
  expect(restarted.output).toMatch(/^restarting the registry;.*\n.*\n?restarting the proxy;/m);
  expect([restarted.exitCode, restarted.stdout]).toEqual([0, expect.stringContaining("serve again")]);
  expect(await statusOf(stack)).toMatchObject({ exitCode: 0, report: { attention: [] } });
});

it("says why a restart failed", async () => {
  const { machine, stack } = world();
  const config = "/etc/container-registry/caddy/Caddyfile";
  await machine.run(`cp ${config} /root/Caddyfile && echo '{{{' >>${config}`);
  const { exitCode, output } = await registryCommand(stack, ["restart"], "", namesOfTheLab).result;
  await machine.run(`cp /root/Caddyfile ${config}`);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/error: .*the proxy ends whenever it starts; it says: .*Caddyfile/s);
  expect(await registryCommand(stack, ["restart"], "", namesOfTheLab).result).toMatchObject({ exitCode: 0 });
});

it("goes on when dockerd is killed, and Docker is back within seconds", async () => {
  const { machine, image, password } = world();
  const jenkins = { name: "jenkins", password: await password("jenkins") };
  const built = await testImage(machine);
  const collection = collect("--min-age", "0s", "--wait", "10s");
  await machine.run(`timeout 60 sh -c 'until ls /srv/data/registry/collection/candidates | grep -q .; do sleep 0.1; done'
    systemctl kill --signal KILL --kill-who main docker.service`);
  await machine.run("timeout 60 docker ps");
  const push = async () => (await clients.curl.push(machine, built, image.reference, jenkins)).ok;
  await expect.poll(push, { timeout: 120_000 }).toBe(true);
  await collection;
  await collect("--undo");
});

it("says what the disk holds, and that days until it is full need two days of records", async () => {
  const { exitCode, stdout, output } = await command("usage", "--json");
  expect(exitCode, output).toBe(0);
  const { disk } = JSON.parse(stdout);
  expect(disk).toMatchObject({ trash: 0, untagged: expect.toSatisfy((bytes) => bytes > 0) });
  expect([disk.size > disk.used, disk.free > 0, disk.growthPerDay]).toEqual([true, true, undefined]);
  expect((await command("usage")).output).toContain("days until it is full: unknown: needs two days of records");
});

it("docs/incidents/full-disk.md › frees a disk without one free byte, and pushes pass again", async () => {
  const { machine, stack, host, password } = world();
  const page = docsPage("incidents/full-disk.md");
  const jenkins = { name: "jenkins", password: await password("jenkins") };
  const old = `${host}/docker-internal/p2c/old:1`;
  const pushed = await clients.curl.push(machine, await testImage(machine, { megabytes: 10 }), old, jenkins);
  expect(pushed).toMatchObject({ ok: true });
  expect((await crane(machine, ["delete", old], jenkins)).ok).toBe(true);
  await machine.run(`find /srv/data/registry -path '*/revisions/*' -type f -exec touch --date '8 days ago' {} +
    cat /dev/zero >/srv/data/filler || :`);
  const small = await testImage(machine);
  const push = () => clients.curl.push(machine, small, `${host}/docker-internal/p2c/new:1`, jenkins);
  expect(await push()).toMatchObject({ ok: false, output: expect.stringContaining("500") });
  const log = await machine.run("docker logs --since 1m container-registry-registry-1 2>&1");
  expect(log).toContain("no space left on device");

  expect((await runFirst(stack, page)).output).toMatch(
    /^retention: 0 tags and 1 manifests without a tag would go.*^disk of [^\n]*, 0 B free of /ms,
  );
  await runSection(stack, page, "Mend");
  expect(await runSection(stack, page, "Over when")).toMatch(/^disk of .*, 1\d\.\d MB free of /m);
  expect(await push()).toMatchObject({ ok: true });
  await machine.run("rm /srv/data/filler");
});

it("stops with the setting, and says how to have it again", async () => {
  const { machine, stack } = world();
  await stack.setConfig({ garbageCollection: undefined, monitoring: undefined, notify: undefined });
  await stack.up();
  expect(await machine.run("ls /etc/container-registry/caddy")).not.toContain(".prom");
  const left = await machine.run(`systemctl list-unit-files 'container-registry*' --no-legend | awk '{print $1}'`);
  expect(left).toBe("container-registry.service");
  const { exitCode, output } = await registryCommand(stack, ["collect"]).result;
  expect([exitCode, output]).toEqual([
    1,
    expect.stringContaining("has no key garbageCollection; add it to the stack file"),
  ]);
  await stack.preview({ expectNoChanges: true });
});

async function collect(...args: string[]) {
  const { exitCode, stdout, output } = await registryCommand(world().stack, ["collect", "--json", ...args]).result;
  expect(exitCode, output).toBe(0);
  return JSON.parse(stdout);
}

function command(...args: string[]) {
  return registryCommand(world().stack, args, "", namesOfTheLab).result;
}

/** Runs `registry retain`, and returns what it did in the one repository. */
async function retained() {
  const { exitCode, stdout, output } = await command("retain", "--json");
  expect(exitCode, output).toBe(0);
  return JSON.parse(stdout).repositories[0];
}
