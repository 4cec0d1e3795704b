import { chmodSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loopbackCertificate } from "./loopback-certificate.ts";
import { ScratchNode } from "./scratch-node.ts";

describe("the node's files", () => {
  it("are written, and the node is ready once the registry answers", async () => {
    await using node = new ScratchNode();
    await node.start();
    await node.becomes("ready");

    expect(node.read(`${node.directory}/ca.crt`)).toBe(loopbackCertificate);
    expect(node.read(`${node.directory}/hosts.toml`)).toContain('ca = "ca.crt"');
    expect(statSync(node.path(`${node.directory}/ca.crt`)).mode & 0o777).toBe(0o644);
    expect(node.log).toContain(`placed ${node.directory}/hosts.toml\n`);
    expect(node.probe()).toEqual({ ok: true, says: "ready" });
  });

  it("are not written again while they are unchanged", async () => {
    await using node = new ScratchNode();
    await node.start();
    await node.becomes("ready");
    // The node is ready a moment before the first look ends.
    await node.looksAgain();
    const { ino } = statSync(node.path(`${node.directory}/ca.crt`));
    const said = node.log;
    await node.looksAgain();

    expect(statSync(node.path(`${node.directory}/ca.crt`)).ino).toBe(ino);
    expect(node.log).toBe(said);
  });

  it.each<[string, (node: ScratchNode) => void]>([
    ["a deleted file", (node) => rmSync(node.path(`${node.directory}/hosts.toml`))],
    ["a changed file", (node) => node.write(`${node.directory}/hosts.toml`, "by hand\n")],
    ["changed permissions", (node) => chmodSync(node.path(`${node.directory}/hosts.toml`), 0o600)],
    ["a deleted directory", (node) => rmSync(node.path(node.directory), { recursive: true })],
  ])("are put right after %s, and the node is not ready meanwhile", async (_, spoil) => {
    await using node = new ScratchNode();
    await node.start({}, { variables: { period: "0.5" } });
    await node.becomes("ready");
    const before = node.read(`${node.directory}/hosts.toml`);
    const probed = node.whilePaused(() => {
      spoil(node);
      return node.probe();
    });

    expect(probed).toEqual({
      ok: false,
      says: expect.stringMatching(/^\/etc\/containerd\/certs.d\/.+ was changed; put right within 0.5 s$/),
    });
    await node.looksAgain();
    expect(node.read(`${node.directory}/hosts.toml`)).toBe(before);
    expect(node.log).toContain(`put right ${node.directory}/hosts.toml\n`);
    expect(node.probe()).toEqual({ ok: true, says: "ready" });
  });

  it("leave foreign files beside them as they are, also when the DaemonSet is deleted", async () => {
    await using node = new ScratchNode();
    await node.start();
    node.write("/etc/containerd/certs.d/docker.io/hosts.toml", "somebody's\n");
    await node.becomes("ready");
    node.write(`${node.directory}/client.key`, "somebody's, beside ours\n");
    node.server.api = { status: 404 };
    await node.end();

    expect(node.read("/etc/containerd/certs.d/docker.io/hosts.toml")).toBe("somebody's\n");
    expect(node.read(`${node.directory}/client.key`)).toBe("somebody's, beside ours\n");
    expect(node.has(`${node.directory}/ca.crt`)).toBe(false);
  });

  it("back up files at their paths, and restore them when the DaemonSet is deleted", async () => {
    await using node = new ScratchNode();
    await node.listen();
    node.write(`${node.directory}/hosts.toml`, "by hand\n");
    chmodSync(node.path(`${node.directory}/hosts.toml`), 0o640);
    symlinkSync("/usr/share/ca.crt", node.path(`${node.directory}/ca.crt`));
    await node.start();
    await node.becomes("ready");
    expect(node.read(`${node.directory}/ca.crt`)).toBe(loopbackCertificate);

    node.server.api = { status: 404 };
    await node.end();
    expect(node.read(`${node.directory}/hosts.toml`)).toBe("by hand\n");
    expect(statSync(node.path(`${node.directory}/hosts.toml`)).mode & 0o777).toBe(0o640);
    expect(readlinkSync(node.path(`${node.directory}/ca.crt`))).toBe("/usr/share/ca.crt");
  });

  it("of an earlier setting are removed, with the directories that were created for them", async () => {
    await using node = new ScratchNode();
    await node.start();
    await node.becomes("ready");
    await node.end();
    await node.start({}, { ca: "" });
    await node.becomes(/not trusted/);

    expect(node.has(`${node.directory}/ca.crt`)).toBe(false);
    expect(node.read(`${node.directory}/hosts.toml`)).not.toContain("ca =");
    expect(node.log).toContain(`removed ${node.directory}/ca.crt\n`);
  });

  it("are where the runtime looks for them", async () => {
    await using node = new ScratchNode();
    await node.start({ runtime: "docker" });
    await node.becomes("ready");
    const directory = `/etc/docker/certs.d/registry.example.org:${await node.listen()}`;
    expect(node.read(`${directory}/ca.crt`)).toBe(loopbackCertificate);

    node.server.api = { status: 404 };
    await node.end();
    expect(node.has(directory)).toBe(false);
  });

  it("that cannot be written make the node not ready, with the system's error as the reason", async () => {
    await using node = new ScratchNode();
    await node.listen();
    node.write(node.directory, "a file where a directory must be\n");
    await node.start();
    await node.becomes(new RegExp(`^${node.directory}: .*File exists`));
    expect(node.read(node.directory)).toBe("a file where a directory must be\n");
    expect(node.probe()).toMatchObject({ ok: false, says: expect.stringContaining("File exists") });

    rmSync(node.path(node.directory));
    mkdirSync(node.path(`${node.directory}/hosts.toml`), { recursive: true });
    await node.becomes(`${node.directory}/hosts.toml is a directory; remove it`);

    rmSync(node.path(`${node.directory}/hosts.toml`), { recursive: true });
    await node.becomes("ready");
  });

  it("are completed by the next pod after one was killed", async () => {
    await using node = new ScratchNode();
    await node.listen();
    node.write(`${node.directory}/hosts.toml`, "by hand\n");
    for (let kill = 0; kill < 5; kill++) {
      await node.start();
      await new Promise((resolve) => setTimeout(resolve, 10 + kill * 8));
      await node.end("SIGKILL");
    }
    await node.start();
    await node.becomes("ready");
    expect(node.read(`${node.directory}/ca.crt`)).toBe(loopbackCertificate);

    node.server.api = { status: 404 };
    await node.end();
    expect(node.read(`${node.directory}/hosts.toml`)).toBe("by hand\n");
    expect(node.has(`${node.directory}/ca.crt`)).toBe(false);
  });
});
