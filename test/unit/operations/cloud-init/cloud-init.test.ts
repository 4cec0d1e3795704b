import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ssh2 from "ssh2";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { registry } from "../../../../operations/registry.ts";
import { HostKey } from "../../../../settings/formats/host-key.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import { said } from "../output.ts";

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHDqZctSBgrfU5Vnft7eUR7NI75l3rXy4NBZ2gY0f2xG you@laptop";

const folder = withFreshWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "cloud-init");
  vi.stubEnv("INIT_CWD", folder);
  // No Pulumi CLI: none is needed.
  vi.stubEnv("PATH", "/usr/bin:/bin");
  cleanup.defer(() => vi.unstubAllEnvs());
  await writeFile(join(folder, "key.pub"), `${publicKey}\n`);
  await writeFile(join(folder, "key"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
  await writeFile(join(folder, "words.pub"), "no key\n");
  return folder;
});

const run = (...argv: string[]) => said(registry, ["cloud-init", ...argv]);

describe("registry cloud-init", () => {
  it("prints user data, whose host key is a pair, and the connection beside it", async () => {
    const { exitCode, stdout, stderr } = await run("key.pub");
    expect(exitCode).toBe(0);
    expect(stdout.split("\n")[0]).toBe("#cloud-config");
    const { users, ssh_keys: keys, ...others } = parse(stdout);
    expect(users).toEqual([
      {
        name: "ubuntu",
        lock_passwd: true,
        shell: "/bin/bash",
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        ssh_authorized_keys: [publicKey],
      },
    ]);
    expect(others).toEqual({ disable_root: true, ssh_pwauth: false, ssh_deletekeys: true });
    expect(HostKey.parse(keys.ed25519_public)).toBe(keys.ed25519_public);
    const pair = ssh2.utils.parseKey(keys.ed25519_private);
    if (pair instanceof Error) throw pair;
    expect(`ssh-ed25519 ${pair.getPublicSSH().toString("base64")}`).toBe(keys.ed25519_public);
    expect(stderr).toContain(`    hostKey: ${keys.ed25519_public}`);
    expect(stderr).not.toContain("PRIVATE");
  });

  it("makes another host key each time", async () => {
    const keys = [await run("key.pub"), await run("key.pub")].map(
      ({ stdout }) => parse(stdout).ssh_keys.ed25519_public,
    );
    expect(new Set(keys).size).toBe(2);
  });

  it("writes a new file for its owner alone, and then prints no secret", async () => {
    const { exitCode, stdout, stderr } = await run("key.pub", "--output", "user-data.yaml", "--user", "debian");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const file = join(folder(), "user-data.yaml");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { ssh_keys: keys } = parse(await readFile(file, "utf8"));
    expect(stdout).toContain(`    user: debian\n    hostKey: ${keys.ed25519_public}`);
    expect(stdout).not.toContain("PRIVATE");
    expect((await run("key.pub", "--output", "user-data.yaml")).stderr).toContain("is there already, and stays");
  });

  it("takes the user of a stack that has a connection, and refuses a port that the machine would not answer on", async () => {
    const connection = { kind: "ssh", address: "203.0.113.5", user: "operator", hostKey: publicKey, jump: undefined };
    const write = (more: object) =>
      writeFile(
        join(folder(), "Pulumi.team.yaml"),
        JSON.stringify({
          config: { "container-registry:variant": { kind: "host", connection: { ...connection, ...more } } },
        }),
      );
    await write({});
    const { stdout, stderr } = await run("key.pub", "--config-file", "Pulumi.team.yaml");
    expect(parse(stdout).users[0].name).toBe("operator");
    expect(stderr).toContain("    address: 203.0.113.5\n");
    await write({ port: 2222 });
    expect((await run("key.pub", "--config-file", "Pulumi.team.yaml")).stderr).toContain("connection.port is 2222");
  });

  it.each<[string[], number, string]>([
    [["missing.pub"], 1, "missing.pub cannot be read"],
    [["key"], 1, "key is a private key, which stays here; give the public one: key.pub"],
    [["words.pub"], 1, "words.pub is no public SSH key"],
    [["key.pub", "--user", "root"], 2, "--user is one who may sudo"],
    [["key.pub", "--user", "Ann Smith"], 2, "--user is no user name"],
  ])("refuses %j", async (argv, exitCode, message) => {
    const result = await run(...argv);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
    expect(result.stdout).toBe("");
  });
});
