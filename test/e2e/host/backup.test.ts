import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { type Minio, startMinio } from "../../../lab/services/minio.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runSection } from "../support/docs-pages/run-page.ts";
import { doctorOf, runMends } from "../support/doctor-findings.ts";
import { freezeApply } from "../support/freeze.ts";
import { commandReport, expectAllPull, type Pushed, pushNew, resticCheck } from "../support/host/backed-up.ts";
import { nobodysAddress } from "../support/host/faults.ts";
import { lostDrills } from "../support/host/lost-drills.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { registryCommand } from "../support/registry-command.ts";

const name = "backup";
const backupPassword = "correct horse battery staple";
/** Twelve hours from now, so that the timer makes no backup while the tests run. */
const schedule = new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 16);
const backup = { to: { kind: "directory", path: "/mnt/backup/registry" }, schedule };
const garbageCollection = { schedule: "Sun 03:00" };

const storage = "/srv/data/registry/docker/registry/v2";

let registry: RegistryStack;
let minio: Minio;
/** Pulls images, and is the SFTP server. */
let node: Machine;

beforeAll(async () => {
  node = await startMachine({ name: "backup-node" });
  minio = await startMinio("backup-minio");
  registry = await registryStack({
    name,
    machine: { kind: "client", debianMirror: true, disks: { "/mnt/backup": 32 } },
    variant: { installDocker: true },
    secrets: { backupPassword },
  });
  const nodes = [{ name: "node", runtime: "docker", connection: node.connection }];
  await registry.stack.setConfig({ backup, garbageCollection, nodes });
  const { output } = await registry.stack.up();
  expect(output).toContain("installing restic");
  expect(output).not.toContain(backupPassword);
  await trust(registry.machine, registry.host, String((await registry.stack.outputs()).registryCa));
});
afterAll(async () => {
  for (const started of [registry, minio, node]) await started?.[Symbol.asyncDispose]();
});

describe("up with a backup", () => {
  it("starts the timer", async () => {
    const next = "systemctl show --property NextElapseUSecRealtime container-registry-backup.timer";
    expect(await registry.machine.run(next)).toMatch(/=\w+ 20/);
  });

  it("lets nobody but root read the password", async () => {
    const look =
      "cd /etc/container-registry/backup && stat --format '%n %a %U' * | sort && ! grep -rl 'correct horse' . --exclude password";
    expect(await registry.machine.run(look)).toBe("password 600 root\nprogram.sh 644 root\nsettings 644 root");
  });
});

const pushed: Pushed = {};
let layers: string[];

describe("registry backup", () => {
  it("copies the images", async () => {
    pushed["team/app:1.0"] = await pushNew(registry, "team/app:1.0");
    expect(await command("backup")).toMatchObject({ repository: backup.to.path, backups: 1 });
  });

  it("says that the disk of the backups is full, and goes on when there is room", async () => {
    pushed["team/app:1.1"] = await pushNew(registry, "team/app:1.1");
    await registry.machine.run("cat /dev/zero >/mnt/backup/filler 2>&1 || :");
    const { exitCode, output } = await attempt("backup");
    expect([exitCode, output]).toEqual([1, expect.stringContaining("no space left there; the backups that are there")]);
    expect(await resticCheck(registry, "--no-lock")).toContain("no errors were found");
    await registry.machine.run("rm /mnt/backup/filler");
    expect(await command("backup")).toMatchObject({ backups: 2 });
  });

  it("runs by its systemd unit as well", async () => {
    await registry.machine.run("systemctl start container-registry-backup.service");
    expect(await registry.machine.run("journalctl --unit container-registry-backup --output cat")).toContain(
      '"backups":3',
    );
  });

  it("makes repositories that restic's own check finds whole", async () => {
    expect(await resticCheck(registry)).toContain("no errors were found");
  });
});

describe("registry backup verify", () => {
  it("finds a whole backup and a whole registry", async () => {
    expect(await command("backup", "verify")).toMatchObject({
      tags: 2,
      restoredTags: 2,
      blobs: 6,
      pulled: 6,
      problems: [],
    });
  });

  it("restores a random sample of the tags", async () => {
    const sample = { tags: 2, restoredTags: 1, blobs: 3, pulled: 3, problems: [] };
    expect(await command("backup", "verify", "--sample", "50%")).toMatchObject(sample);
  });

  it("names the tag that a flipped byte in the registry hurts", async () => {
    const blobs = `${storage}/blobs/sha256`;
    const manifest = pushed["team/app:1.0"]?.slice("sha256:".length) ?? "";
    layers = (
      await registry.machine.run(`grep -o 'sha256:[0-9a-f]*' ${blobs}/${manifest.slice(0, 2)}/${manifest}/data`)
    ).split("\n");
    const hex = layers.at(-1)?.slice("sha256:".length) ?? "";
    await damage(hex);
    const { exitCode, stdout } = await attempt("backup", "verify");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).problems).toEqual([
      { in: "live", what: "damaged blob", which: `sha256:${hex}`, hurts: ["team/app:1.0"] },
    ]);
  });
});

describe("registry doctor --deep", () => {
  it("finds the damaged image, and what it prints mends that", async () => {
    const { stack } = registry;
    const { findings } = await doctorOf(stack, "--deep");
    expect(findings).toMatchObject([{ check: "blob-damaged", affects: "whoever pulls team/app:1.0" }]);
    await runMends(stack, findings);
    await expectAllPull(registry, pushed);
    expect(await doctorOf(stack, "--deep")).toMatchObject({ findings: [], images: { tags: 2 } });
  });

  it("finds it as docs/incidents/corrupted-blob.md says, and what the page says mends it", async () => {
    const { stack } = registry;
    const page = docsPage("incidents/corrupted-blob.md");
    await damage(layers.at(-1)?.slice("sha256:".length) ?? "");
    const { exitCode, output } = await runFirst(stack, page);
    expect([exitCode, output]).toEqual([3, expect.stringContaining("whoever pulls team/app:1.0")]);
    expect(await runSection(stack, page, "Mend")).toContain("restored 1 blobs and 0 links");
    expect(await runSection(stack, page, "Over when")).toContain("nothing found");
    await expectAllPull(registry, pushed);
  });
});

describe("registry restore", () => {
  it("fills a new host, with the same accounts and digests, also after a killed up", async () => {
    const password = await registry.password("jenkins");
    const { machine, stack, variant } = registry;
    await machine.run(
      `systemctl stop 'container-registry*'; docker rm --force $(docker ps --all --quiet)
       rm -r /srv/data /etc/container-registry /var/lib/container-registry* /etc/systemd/system/container-registry* /etc/systemd/system/*/container-registry*
       systemctl daemon-reload`,
    );
    await stack.setConfig({ variant: { ...variant, generation: "2" } });
    const killed = stack.startUp();
    const placed = await freezeApply(machine, "[ -f /etc/container-registry/backup/program.sh ]");
    await killed.kill();
    await placed.kill();
    await stack.unlock();
    await stack.up();
    expect(await command("restore")).toMatchObject({ blobs: 6, problems: [] });
    expect(await registry.password("jenkins")).toBe(password);
    await expectAllPull(registry, pushed);
  });

  it("leaves nothing to do to the next up, which opens no SSH connection", async () => {
    const { machine, stack } = registry;
    const timers = "container-registry-backup.timer container-registry-collect.timer";
    expect(await machine.run(`systemctl is-active ${timers}`)).toBe("active\nactive");
    const before = await machine.sshConnections();
    expect((await stack.up()).stdout).not.toMatch(/created|updated|replaced|deleted/);
    expect(await machine.sshConnections()).toBe(before);
  });

  it("brings one repository back alone", async () => {
    await registry.machine.run(`rm -r ${storage}/repositories/team ${storage}/blobs`);
    await command("restore", "--repository", "team/*");
    await expectAllPull(registry, pushed);
  });
});

describe("a backup of another machine's", () => {
  const targets = [
    {
      what: "SFTP server",
      set: async () => {
        const { address, connection, keys } = node;
        const { user, hostKey } = connection;
        await registry.stack.setSecret("backupSshKey", keys.privateKey);
        return { kind: "sftp", address, user, hostKey, path: "/home/operator/backup" };
      },
    },
    {
      what: "object storage",
      set: async () => {
        await registry.stack.setSecret("backupS3AccessKey", minio.accessKey);
        await registry.stack.setSecret("backupS3SecretKey", minio.secretKey);
        const { endpoint, bucket, region } = minio;
        return { kind: "s3", endpoint, bucket, region };
      },
    },
  ];

  it.each(targets)("$what is whole, and gives one tag back alone", async ({ set }) => {
    const { stack, machine, host } = registry;
    await stack.setConfig({ backup: { ...backup, to: await set() } });
    await stack.up();
    expect(await command("backup")).toMatchObject({ backups: 1, repository: expect.stringMatching(/^(sftp|s3):/) });
    expect(await resticCheck(registry)).toContain("no errors were found");

    await machine.run(`rm -r ${storage}/repositories/team ${storage}/blobs`);
    expect(await command("restore", "team/app:1.0")).toMatchObject({ blobs: 3, links: 5, problems: [] });
    const digest = pushed["team/app:1.0"];
    expect(await clients.skopeo.pull(machine, `${host}/team/app:1.0`)).toMatchObject({ ok: true, digest });
    expect(await machine.run(`ls ${storage}/repositories/team/app/_manifests/tags`)).toBe("1.0");
  });
});

describe("with a host that is down", () => {
  it.each([["backup"], ["restore"], ["collect"]])("%s says where, and what to look at", async (name) => {
    const { stack, machine, variant } = registry;
    const connection = { ...machine.connection, address: nobodysAddress, port: 22 };
    await stack.setConfig({ variant: { ...variant, connection } });
    const started = Date.now();
    const { exitCode, output } = await attempt(name);
    const said = `${nobodysAddress}:22: no SSH connection`;
    expect([exitCode, output]).toEqual([1, expect.stringContaining(said)]);
    expect(output).toContain("is the machine up, and is this its address in the stack file?");
    expect(Date.now() - started).toBeLessThan(60_000);
  });
});

lostDrills(() => ({ registry, node, minio, pushed }));

/** Changes one byte of a blob where it is stored. */
function damage(hex: string): Promise<string> {
  const blob = `${storage}/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
  return registry.machine.run(`printf X | dd of=${blob} bs=1 seek=20 conv=notrunc`);
}

function command(...args: string[]): Promise<Record<string, unknown>> {
  return commandReport(registry.stack, ...args);
}

async function attempt(...args: string[]) {
  const result = await registryCommand(registry.stack, [...args, "--json"]).result;
  expect(result.output).not.toContain(backupPassword);
  return result;
}
