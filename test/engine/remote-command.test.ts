import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { exists } from "../../lab/exists.ts";
import { freePort } from "../../lab/network/free-port.ts";
import { remoteCommand } from "../../lab/pulumi-fakes/command/remote-command.ts";
import { isSecret, unknown } from "../../lab/pulumi-fakes/plugin/property.ts";
import { withWorld } from "../with-world.ts";
import { checked, create, recordedLog, update } from "./resource-calls.ts";
import { startSshd } from "./sshd.ts";

const sshd = withWorld(async ({ defer }) => {
  vi.stubEnv("SSH_AUTH_SOCK", "");
  defer(() => vi.unstubAllEnvs());
  return startSshd({ lines: ["AcceptEnv LAB_*"] });
});

describe("what runs", () => {
  it("runs create, and keeps what it said without the last newline", async () => {
    const state = await create(remoteCommand, {
      connection: sshd().connection,
      create: "printf 'one\\n\\n'; printf 'two\\n' >&2",
    });
    expect(state).toMatchObject({ stdout: "one\n", stderr: "two" });
  });

  it("dials anew for every operation", async () => {
    const before = await sshd().connections();
    const inputs = { connection: sshd().connection, create: "true", delete: "true" };
    const state = await create(remoteCommand, inputs);
    await update(remoteCommand, state, { ...inputs, stdin: "x" });
    await remoteCommand.delete?.({ state, log: recordedLog() });
    expect((await sshd().connections()) - before).toBe(3);
  });

  it("updates with update", async () => {
    const inputs = { connection: sshd().connection, create: "echo created", update: "echo updated" };
    expect(await update(remoteCommand, await create(remoteCommand, inputs), inputs)).toMatchObject({
      stdout: "updated",
    });
  });

  it("updates with create where there is no update", async () => {
    const inputs = { connection: sshd().connection, create: "echo created $(cat)" };
    const state = await create(remoteCommand, inputs);
    expect(await update(remoteCommand, state, { ...inputs, stdin: "again" })).toMatchObject({
      stdout: "created again",
    });
  });

  it("keeps the old output where there is nothing to run", async () => {
    const state = await create(remoteCommand, { connection: sshd().connection, create: "echo once" });
    expect(await update(remoteCommand, state, { connection: sshd().connection })).toMatchObject({ stdout: "once" });
  });

  it("dials nobody without a create", async () => {
    const before = await sshd().connections();
    expect(await create(remoteCommand, { connection: sshd().connection })).toMatchObject({ stdout: "", stderr: "" });
    expect(await sshd().connections()).toBe(before);
  });

  it("deletes with the inputs and the connection of the state", async () => {
    const file = `${sshd().folder}/deleted`;
    const state = await create(remoteCommand, {
      connection: sshd().connection,
      stdin: "from the state",
      delete: `cat > ${file}`,
    });
    await remoteCommand.delete?.({ state, log: recordedLog() });
    expect((await execa("cat", [file])).stdout).toBe("from the state");
  });

  it("hands over stdin whole, and ends it", async () => {
    const stdin = "line\n".repeat(100_000);
    const state = await create(remoteCommand, { connection: sshd().connection, create: "wc -c", stdin });
    expect(state.stdout).toBe(String(stdin.length));
  });

  it("copes with a command that reads none of its stdin", async () => {
    const stdin = "x".repeat(5_000_000);
    expect(await create(remoteCommand, { connection: sshd().connection, create: "echo done", stdin })).toMatchObject({
      stdout: "done",
    });
  });
});

describe("a failing command", () => {
  it("fails with the exit status, the command and all it said", async () => {
    const command = 'echo "half done"; echo why >&2; exit 3';
    await expect(create(remoteCommand, { connection: sshd().connection, create: command })).rejects.toThrow(
      `Process exited with status 3: running ${JSON.stringify(command)}:\nhalf done\nwhy\n`,
    );
  });

  it("names the signal that ended it", async () => {
    await expect(create(remoteCommand, { connection: sshd().connection, create: "kill -9 $$" })).rejects.toThrow(
      "Process exited with status 137 from signal KILL: running",
    );
  });
});

describe("environment", () => {
  it("sets what sshd's AcceptEnv names", async () => {
    const inputs = { connection: sshd().connection, create: "echo $LAB_COLOUR", environment: { LAB_COLOUR: "blue" } };
    expect(await create(remoteCommand, inputs)).toMatchObject({ stdout: "blue" });
  });

  it("fails, and runs nothing, where sshd refuses a variable", async () => {
    const log = recordedLog();
    const file = `${sshd().folder}/ran`;
    const inputs = { connection: sshd().connection, create: `touch ${file}`, environment: { COLOUR: "blue" } };
    await expect(create(remoteCommand, inputs, log)).rejects.toThrow(
      'could not set environment variable "COLOUR": ssh: setenv failed',
    );
    expect(log.lines.join("\n")).toContain("error: Unable to set 'COLOUR'. This only works if your SSH server");
    expect((await execa("ls", [sshd().folder])).stdout).not.toContain("ran");
  });

  it("offers the last output, and only warns where sshd refuses it", async () => {
    const log = recordedLog();
    const inputs = { connection: sshd().connection, create: "echo said" };
    const state = await create(remoteCommand, inputs);
    expect(await update(remoteCommand, state, { ...inputs, update: "echo again" }, log)).toMatchObject({
      stdout: "again",
    });
    expect(log.lines.join("\n")).toContain("warning: Unable to set 'PULUMI_COMMAND_STDOUT'");
  });

  it("keeps the last output to itself with addPreviousOutputInEnv: false", async () => {
    const log = recordedLog();
    const inputs = { connection: sshd().connection, create: "echo said", addPreviousOutputInEnv: false };
    await update(remoteCommand, await create(remoteCommand, inputs), { ...inputs, stdin: "x" }, log);
    expect(log.lines).toEqual(["said"]);
  });
});

describe("logging", () => {
  const command = "echo out; sleep 0.1; echo err >&2";
  it.each([
    [undefined, ["out", "err"]],
    ["stdoutAndStderr", ["out", "err"]],
    ["stdout", ["out"]],
    ["stderr", ["err"]],
    ["none", []],
  ])("%s shows %j", async (logging, lines) => {
    const log = recordedLog();
    const inputs = { connection: sshd().connection, create: command, ...(logging && { logging }) };
    await create(remoteCommand, inputs, log);
    expect(log.lines).toEqual(lines);
  });
});

describe("host key", () => {
  const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0hGxhx2mEo3bBhDdUsFZV0wQ8gq0D5o7d2w1yZbS0K";

  it("accepts any where none is given", async () => {
    const { hostKey: _, ...connection } = sshd().connection;
    expect(await create(remoteCommand, { connection, create: "echo in" })).toMatchObject({ stdout: "in" });
  });

  it("refuses another key, after its retries", async () => {
    const before = await sshd().connections();
    const connection = { ...sshd().connection, hostKey: other, dialErrorLimit: 2 };
    await expect(create(remoteCommand, { connection, create: "true" })).rejects.toThrow(
      "after 2 failed attempts: ssh: handshake failed: ssh: host key mismatch",
    );
    expect((await sshd().connections()) - before).toBe(3);
  });

  it("refuses a server without a key of the given type", async () => {
    const hostKey =
      "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=";
    const connection = { ...sshd().connection, hostKey, dialErrorLimit: 0 };
    await expect(create(remoteCommand, { connection, create: "true" })).rejects.toThrow(
      "ssh: handshake failed: ssh: no common algorithm for host key; client offered: [ecdsa-sha2-nistp256]",
    );
  });

  it("fails at once on a line that is no key", async () => {
    const before = await sshd().connections();
    const connection = { ...sshd().connection, hostKey: "not a key" };
    await expect(create(remoteCommand, { connection, create: "true" })).rejects.toThrow("failed to parse host key");
    expect(await sshd().connections()).toBe(before);
  });
});

describe("who may in", () => {
  it("opens a locked key with its passphrase", async () => {
    const connection = { ...sshd().connection, ...sshd().lockedKey };
    expect(await create(remoteCommand, { connection, create: "echo in" })).toMatchObject({ stdout: "in" });
  });

  it.each([
    ["no passphrase", undefined, "ssh: this private key is passphrase protected"],
    ["a wrong one", "wrong", "x509: decryption password incorrect"],
  ])("fails at once on a locked key with %s", async (_, privateKeyPassword, message) => {
    const before = await sshd().connections();
    const { privateKey } = sshd().lockedKey;
    const connection = { ...sshd().connection, privateKey, ...(privateKeyPassword && { privateKeyPassword }) };
    await expect(create(remoteCommand, { connection, create: "true" })).rejects.toThrow(message);
    expect(await sshd().connections()).toBe(before);
  });

  it("is refused with another key, after its retries", async () => {
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", `${sshd().folder}/other`]);
    const privateKey = (await execa("cat", [`${sshd().folder}/other`])).stdout;
    const connection = { ...sshd().connection, privateKey: `${privateKey}\n`, dialErrorLimit: 1 };
    await expect(create(remoteCommand, { connection, create: "true" })).rejects.toThrow(
      "after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    );
  });

  it("gets in with a key that an agent holds", async () => {
    const agentSocketPath = `${sshd().folder}/agent`;
    const agent = execa("ssh-agent", ["-D", "-a", agentSocketPath], { reject: false });
    await vi.waitUntil(() => exists(agentSocketPath), { timeout: 30_000 });
    await execa("ssh-add", ["-q", `${sshd().folder}/key`], { env: { SSH_AUTH_SOCK: agentSocketPath } });
    const { privateKey: _, ...connection } = sshd().connection;
    try {
      const inputs = { connection: { ...connection, agentSocketPath }, create: "echo in" };
      expect(await create(remoteCommand, inputs)).toMatchObject({ stdout: "in" });
    } finally {
      agent.kill();
      await agent;
    }
  });

  it("fails at once where no agent listens", async () => {
    const connection = { ...sshd().connection, agentSocketPath: `${sshd().folder}/nobody` };
    await expect(create(remoteCommand, { connection, create: "true" })).rejects.toThrow(
      `dial unix ${sshd().folder}/nobody`,
    );
  });
});

describe("dial", () => {
  it("tries a host that is down less and less often, and says so", async () => {
    const log = recordedLog();
    const port = await freePort();
    const connection = { ...sshd().connection, port, dialErrorLimit: 3 };
    const started = performance.now();
    await expect(create(remoteCommand, { connection, create: "true" }, log)).rejects.toThrow(
      `after 3 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`,
    );
    // 100 ms, then 1.5 times as long each time.
    expect(performance.now() - started).toBeGreaterThan(100 + 150 + 225 - 10);
    expect(log.lines).toEqual(["Dial 1/3 failed: retrying", "Dial 2/3 failed: retrying", "Dial 3/3 failed: retrying"]);
  });

  it("goes over a jump host", async () => {
    await using jump = await startSshd();
    const inputs = { connection: { ...sshd().connection, proxy: jump.connection }, create: "echo $SSH_CONNECTION" };
    const { stdout } = await create(remoteCommand, inputs);
    expect(String(stdout)).toMatch(new RegExp(` ${sshd().port}$`));
    expect(await jump.connections()).toBe(1);
  });

  it("says where a jump host is in the way", async () => {
    const proxy = { ...sshd().connection, port: await freePort(), dialErrorLimit: 0 };
    const inputs = { connection: { ...sshd().connection, proxy }, create: "true" };
    await expect(create(remoteCommand, inputs)).rejects.toThrow(/^proxy: after 0 failed attempts: dial tcp 127.0.0.1:/);
  });
});

describe("check", () => {
  it("fills in the official defaults and keeps the connection secret", () => {
    const { connection } = checked(remoteCommand, { connection: { host: "a" } });
    expect(isSecret(connection) && connection.value).toEqual({
      host: "a",
      user: "root",
      port: 22,
      dialErrorLimit: 10,
      perDialTimeout: 15,
    });
  });

  it.each([
    [{}, "connection: missing required field"],
    [{ connection: {} }, "connection.host: missing required field"],
    [{ connection: { host: "a", hostkey: "b" } }, "connection.hostkey: no such field"],
    [{ connection: { host: "a" }, assetPaths: [] }, "assetPaths: not supported by the lab's fake"],
  ])("refuses %j", (inputs, message) => {
    expect(() => checked(remoteCommand, inputs)).toThrow(message);
  });
});

describe("preview", () => {
  const inputs = { connection: { host: "192.0.2.1" }, create: "true" };

  it("dials nobody, and knows no output of a create", async () => {
    const { state } = await remoteCommand.create({ name: "n", inputs, preview: true, log: recordedLog() });
    expect(state).toMatchObject({ stdout: unknown, stderr: unknown });
  });

  it("knows no output of an update", async () => {
    const state = { ...inputs, stdout: "a", stderr: "" };
    const changed = { ...inputs, create: "false" };
    const preview = await remoteCommand.update({ state, inputs: changed, preview: true, log: recordedLog() });
    expect(preview).toMatchObject({ stdout: unknown, stderr: unknown });
  });
});

describe("diff", () => {
  const changesOf = (oldInputs: object, inputs: object) => {
    const { changes, replaces } = remoteCommand.diff({ state: {}, oldInputs: { ...oldInputs }, inputs: { ...inputs } });
    return [...changes].map(([path, change]) => `${replaces(path) ? "replace" : "update"} ${path}: ${change}`);
  };

  it.each([
    [{ create: "a" }, { create: "a" }, []],
    [{ create: "a" }, { create: "b" }, ["update create: update"]],
    [
      { environment: { A: "1" } },
      { environment: { A: "2", B: "3" } },
      ["update environment.A: update", "update environment.B: add"],
    ],
    [{ stdin: "a" }, {}, ["update stdin: delete"]],
    [{}, { triggers: ["a"] }, ["replace triggers: add"]],
    // The SDK asks the engine to replace for `triggers[*]`.
    [{ triggers: ["a"] }, { triggers: ["b"] }, ["update triggers[0]: update"]],
  ])("%j → %j", (before, after, changes) => {
    expect(changesOf(before, after)).toEqual(changes);
  });
});
