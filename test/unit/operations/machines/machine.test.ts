import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { openMachine } from "../../../../operations/machines/machine.ts";
import { newKey, startSshServer } from "./ssh-server.ts";

const operator = newKey();
const secrets = { sshPrivateKey: operator.privateKey };

const asRoot = process.getuid?.() === 0;
if (!asRoot) process.stderr.write("not tested: scripts on machines, which only root runs without sudo\n");

describe.skipIf(!asRoot)("a machine over SSH", () => {
  it("runs scripts with standard input over one connection, and returns what they print", async () => {
    await using server = await startSshServer(operator.publicKey);
    await using machine = await openMachine(server.connection, secrets);
    expect(await machine.run("printf 'it says: '; cat\n", { stdin: "ä 'quoted' $text\n" })).toBe(
      "it says: ä 'quoted' $text\n",
    );
    expect(await machine.run("id -u\n")).toBe("0\n");
  });

  it("gives out each line of standard error", async () => {
    await using server = await startSshServer(operator.publicKey);
    await using machine = await openMachine(server.connection, secrets);
    const lines: string[] = [];
    await machine.run("printf 'one\\nt' >&2; sleep 0.1; printf 'wo\\nthree' >&2\n", {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(["one", "two", "three"]);
  });

  it("fails with the machine's name and the last lines of standard error", async () => {
    await using server = await startSshServer(operator.publicKey);
    await using machine = await openMachine(server.connection, secrets);
    await expect(machine.run("seq 1 20 >&2; echo 'the disk is full' >&2; exit 3\n")).rejects.toThrow(
      `127.0.0.1:${server.connection.port}: 17\n18\n19\n20\nthe disk is full`,
    );
    await expect(machine.run("exit 3\n")).rejects.toThrow("exit code 3");
  });

  it("leaves out what the script said before its error", async () => {
    await using server = await startSshServer(operator.publicKey);
    await using machine = await openMachine(server.connection, secrets);
    const fails = machine.run("printf 'copying\\nerror: no room\\nmake some\\n' >&2; exit 1\n");
    await expect(fails).rejects.toThrow(/^127.0.0.1:\d+: no room\nmake some$/);
  });

  it("ends a script that hangs when its signal says so", async () => {
    await using server = await startSshServer(operator.publicKey);
    const end = new AbortController();
    await using machine = await openMachine(server.connection, secrets, end.signal);
    const running = machine.run("echo begun >&2; exec sleep 60\n", { onLine: () => end.abort() });
    await expect(running).rejects.toThrow("the SSH connection ended before the script did");
  });

  it("refuses another host key than the stack file's", async () => {
    await using server = await startSshServer(operator.publicKey);
    const connection = { ...server.connection, hostKey: newKey().publicKey };
    await expect(openMachine(connection, secrets)).rejects.toThrow("another host key");
  });

  it("says that the machine does not know the key", async () => {
    await using server = await startSshServer(newKey().publicKey);
    await expect(openMachine(server.connection, secrets)).rejects.toThrow("SSH does not let root in with this key");
  });

  it("connects through a jump host", async () => {
    await using jump = await startSshServer(operator.publicKey);
    await using server = await startSshServer(operator.publicKey);
    const { kind: _kind, agent: _agent, ...way } = jump.connection;
    await using machine = await openMachine({ ...server.connection, jump: way }, secrets);
    expect(await machine.run("echo here\n")).toBe("here\n");
    expect(jump.forwarded()).toBe(1);
  });

  it("says that the connection ended before the script did", async () => {
    await using server = await startSshServer(operator.publicKey);
    await using machine = await openMachine(server.connection, secrets);
    const run = machine.run("echo started >&2; sleep 30\n", { onLine: () => server.drop() });
    await expect(run).rejects.toThrow("ended before the script did");
  });

  it("says that nothing listens at the address", async () => {
    const server = await startSshServer(operator.publicKey);
    await server[Symbol.asyncDispose]();
    await expect(openMachine(server.connection, secrets)).rejects.toThrow("ECONNREFUSED");
  });
});

it("says once that a server closed the connection before SSH began", async () => {
  const server = createServer((socket) => socket.once("data", () => socket.resetAndDestroy())).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const connection = {
    kind: "ssh",
    address: "127.0.0.1",
    port,
    user: "root",
    hostKey: operator.publicKey,
    agent: false,
  } as const;
  await expect(openMachine(connection, secrets)).rejects.toThrow(`127.0.0.1:${port}: no SSH connection`);
});

describe("an agent", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("has to run where the connection asks for it", async () => {
    vi.stubEnv("SSH_AUTH_SOCK", undefined);
    await using server = await startSshServer(operator.publicKey);
    await expect(openMachine({ ...server.connection, agent: true }, {})).rejects.toThrow("no SSH agent runs here");
  });
});

it.skipIf(!asRoot)("this machine runs scripts too", async () => {
  await using machine = await openMachine({ kind: "local" }, {});
  expect(await machine.run("cat\n", { stdin: "text" })).toBe("text");
  await expect(machine.run("echo 'error: no such folder' >&2; false\n")).rejects.toThrow("local: no such folder");
});

it("a container's scripts run by docker exec", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fake-docker-"));
  await writeFile(join(folder, "docker"), '#!/bin/sh\necho "$1 $2 $3"\nshift 3\nexec "$@"\n', { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  try {
    await using machine = await openMachine({ kind: "docker-container", name: "box" }, {});
    expect(await machine.run("cat\n", { stdin: "text" })).toBe("exec -i box\ntext");
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});
