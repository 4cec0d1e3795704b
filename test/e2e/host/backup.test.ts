import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { registryCommand } from "../support/registry-command.ts";

const backupPassword = "correct horse battery staple";
const backup = { to: { kind: "directory", path: "/mnt/backup/registry" }, schedule: "hourly" };

const storage = "/srv/data/registry/docker/registry/v2";

let registry: RegistryStack;

beforeAll(async () => {
  registry = await registryStack({
    name: "backup",
    machine: { kind: "client", debianMirror: true },
    variant: { installDocker: true },
    secrets: { backupPassword },
  });
  await registry.stack.setConfig({ backup });
  const { output } = await registry.stack.up();
  expect(output).toContain("installing restic");
  expect(output).not.toContain(backupPassword);
  await trust(registry.machine, registry.host, String((await registry.stack.outputs()).registryCa));
});
afterAll(() => registry[Symbol.asyncDispose]());

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

const pushed: Record<string, string> = {};
let layers: string[];

describe("registry backup", () => {
  it("copies the images, and only what is new the next time", async () => {
    pushed["team/app:1.0"] = await push("team/app", "1.0");
    const first = await command("backup");
    expect(first).toMatchObject({ repository: backup.to.path, backups: 1 });
    pushed["team/app:1.1"] = await push("team/app", "1.1");
    expect(await command("backup")).toMatchObject({ backups: 2 });
  });

  it("runs by its systemd unit as well", async () => {
    await registry.machine.run("systemctl start container-registry-backup.service");
    expect(await registry.machine.run("journalctl --unit container-registry-backup --output cat")).toContain(
      '"backups":3',
    );
  });

  it("makes repositories that restic's own check finds whole", async () => {
    const check = `restic check --read-data --repo ${backup.to.path} --password-file /etc/container-registry/backup/password`;
    expect(await registry.machine.run(check)).toContain("no errors were found");
  });
});

describe("registry backup verify", () => {
  it("finds a whole backup and a whole registry", async () => {
    expect(await command("backup", "verify")).toMatchObject({ blobs: 6, pulled: 6, problems: [] });
  });

  it("names the tag that a flipped byte in the registry hurts", async () => {
    const blobs = `${storage}/blobs/sha256`;
    const manifest = pushed["team/app:1.0"]?.slice("sha256:".length) ?? "";
    layers = (
      await registry.machine.run(`grep -o 'sha256:[0-9a-f]*' ${blobs}/${manifest.slice(0, 2)}/${manifest}/data`)
    ).split("\n");
    const hex = layers.at(-1)?.slice("sha256:".length) ?? "";
    await registry.machine.run(`printf X | dd of=${blobs}/${hex.slice(0, 2)}/${hex}/data bs=1 seek=20 conv=notrunc`);
    const { exitCode, stdout } = await attempt("backup", "verify");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).problems).toEqual([
      { in: "live", what: "damaged blob", which: `sha256:${hex}`, hurts: ["team/app:1.0"] },
    ]);
  });
});

describe("registry restore", () => {
  it("mends the damaged image", async () => {
    expect(await command("restore")).toMatchObject({ blobs: 1, links: 0, problems: [] });
    await expectAllPull();
  });

  it("fills a new host, with the same accounts and digests", async () => {
    const password = await registry.password("jenkins");
    const { machine, stack, variant } = registry;
    await machine.run(
      `systemctl stop container-registry && docker rm --force $(docker ps --all --quiet) && rm -r /srv/data /etc/container-registry /var/lib/container-registry*`,
    );
    await stack.setConfig({ variant: { ...variant, generation: "2" } });
    await stack.up();
    expect(await command("restore")).toMatchObject({ blobs: 6, problems: [] });
    expect(await registry.password("jenkins")).toBe(password);
    await expectAllPull();
  });

  it("brings one repository back alone", async () => {
    await registry.machine.run(`rm -r ${storage}/repositories/team ${storage}/blobs`);
    await command("restore", "--repository", "team/*");
    await expectAllPull();
  });
});

/** Pulls every image that was pushed, and compares its digest. */
async function expectAllPull(): Promise<void> {
  const { machine, host } = registry;
  for (const [image, digest] of Object.entries(pushed))
    expect(await clients.skopeo.pull(machine, `${host}/${image}`)).toMatchObject({ ok: true, digest });
}

/** Pushes a new image from the host itself, and returns its digest. */
async function push(repository: string, tag: string): Promise<string> {
  const { machine, host, password } = registry;
  const jenkins = { name: "jenkins", password: await password("jenkins") };
  const pushed = await clients.skopeo.push(machine, await testImage(machine), `${host}/${repository}:${tag}`, jenkins);
  if (!pushed.ok) throw new Error(`the push failed: ${pushed.output}`);
  return pushed.digest;
}

async function command(...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, output } = await attempt(...args);
  if (exitCode !== 0) throw new Error(output);
  return JSON.parse(stdout);
}

async function attempt(...args: string[]) {
  const result = await registryCommand(registry.stack, [...args, "--json"]).result;
  expect(result.output).not.toContain(backupPassword);
  return result;
}
