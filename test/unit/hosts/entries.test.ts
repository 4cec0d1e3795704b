import { chmodSync, existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ScratchHost } from "./scratch-host.ts";
import { sparseShells } from "./shells.ts";

const daemon = '{"insecure-registries":["r:5000"]}\n';
const mirrors = "mirrors:\n  r:5000:\n    endpoint:\n      - https://r:5000\n";
const configs = "configs:\n  r:5000:\n    auth:\n      password: hunter2\n";
const line = "192.0.2.10 r\n";

describe.each(sparseShells)("entries, by $name", { timeout: 30_000 }, (shell) => {
  it("come with the file where it is missing, and take it with them", async () => {
    using host = new ScratchHost(shell);
    const entries = [
      host.entry("daemon-json", "docker/daemon.json", daemon),
      host.entry("registries-yaml", "rancher/k3s/registries.yaml", mirrors),
      host.entry("hosts", "hosts", line),
    ];
    const outcome = await host.applyEntries(entries);

    expect(outcome).toMatchObject({ status: 0, words: "" });
    expect(JSON.parse(outcome.summary).changed).toEqual(entries.map(({ path }) => path).sort());
    expect(host.mode("docker/daemon.json")).toBe(0o644);
    expect(host.mode("rancher")).toBe(0o755);
    expect(await host.remove()).toMatchObject({ status: 0, words: "removed\n" });
    expect(host.files()).toEqual([]);
  });

  it("leave mode, owner and every foreign byte of a file that is there", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", '{"debug": true}', 0o640);
    chmodSync(host.path("daemon.json"), 0o640);
    await host.applyEntries([host.entry("daemon-json", "daemon.json", daemon)]);

    expect(host.read("daemon.json")).toBe('{"insecure-registries": ["r:5000"],"debug": true}');
    expect(host.mode("daemon.json")).toBe(0o640);
    await host.remove();
    expect(host.read("daemon.json")).toBe('{"debug": true}');
    expect(host.mode("daemon.json")).toBe(0o640);
  });

  it("change nothing the second time, and ask for nothing", async () => {
    using host = new ScratchHost(shell);
    const entries = [
      host.entry("daemon-json", "daemon.json", daemon),
      host.entry("registries-yaml", "registries.yaml", mirrors),
      host.entry("hosts", "hosts", line),
    ];
    await host.applyEntries(entries);
    const before = lstatSync(host.path("hosts")).ino;
    host.takeCalls();

    expect(JSON.parse((await host.applyEntries(entries)).summary)).toEqual({ changed: [], removed: [] });
    expect(lstatSync(host.path("hosts")).ino).toBe(before);
    expect(host.takeCalls()).toContain("pending: ");
  });

  it("that are secret share a file with visible ones, and make it private", async () => {
    using host = new ScratchHost(shell);
    host.write("registries.yaml", "mirrors:\n  a: {}\n");
    const bundle = { ...host.bundle({}), entries: [host.entry("registries-yaml", "registries.yaml", mirrors)] };
    const secret = { entries: [host.entry("registries-yaml", "registries.yaml", configs)] };
    const outcome = await host.applyBundle(bundle, secret);

    expect(outcome.words + outcome.summary).not.toContain("hunter2");
    expect(host.read("registries.yaml")).toContain("password: hunter2");
    expect(host.mode("registries.yaml")).toBe(0o600);
    expect(JSON.parse((await host.applyBundle(bundle, secret)).summary).changed).toEqual([]);
    chmodSync(host.path("registries.yaml"), 0o644);
    expect(JSON.parse((await host.applyBundle(bundle, secret)).summary).changed).toEqual([
      host.path("registries.yaml"),
    ]);
    expect(host.mode("registries.yaml")).toBe(0o600);
    await host.remove();
    expect(host.read("registries.yaml")).toBe("mirrors:\n  a: {}\n");
  });

  it("that the bundle no longer has are taken out, and ask for their action", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", "{}");
    await host.applyEntries([host.entry("daemon-json", "daemon.json", daemon), host.entry("hosts", "hosts", line)]);
    host.takeCalls();
    const outcome = await host.applyEntries([]);

    expect(JSON.parse(outcome.summary)).toEqual({ changed: [host.path("daemon.json")], removed: [host.path("hosts")] });
    expect(host.read("daemon.json")).toBe("{}");
    expect(host.files()).toEqual(["daemon.json"]);
    expect(host.takeCalls()).toContain("pending: reload-daemon.json,reload-hosts");
  });

  it("are put back after somebody deleted or changed them", async () => {
    using host = new ScratchHost(shell);
    const entries = [host.entry("daemon-json", "daemon.json", daemon), host.entry("hosts", "hosts", line)];
    await host.applyEntries(entries);
    host.write("daemon.json", '{"debug": true}\n');
    host.write("hosts", "192.0.2.99 r # container-registry scratch\n127.0.0.1 localhost\n");
    expect(JSON.parse((await host.applyEntries(entries)).summary).changed).toHaveLength(2);

    expect(JSON.parse(host.read("daemon.json"))).toEqual({ debug: true, "insecure-registries": ["r:5000"] });
    expect(host.read("hosts")).toBe("192.0.2.10 r # container-registry scratch\n127.0.0.1 localhost\n");
    await host.remove();
    expect(host.read("daemon.json")).toBe('{"debug": true}\n');
    expect(host.read("hosts")).toBe("127.0.0.1 localhost\n");
  });

  it("go through a link to the file it leads to", async () => {
    using host = new ScratchHost(shell);
    host.write("real/daemon.json", "{}");
    symlinkSync("real/daemon.json", host.path("daemon.json"));
    await host.applyEntries([host.entry("daemon-json", "daemon.json", daemon)]);

    expect(lstatSync(host.path("daemon.json")).isSymbolicLink()).toBe(true);
    expect(host.read("real/daemon.json")).toContain("r:5000");
    await host.remove();
    expect(lstatSync(host.path("daemon.json")).isSymbolicLink()).toBe(true);
    expect(host.read("real/daemon.json")).toBe("{}");
  });

  it("are refused with machine, file and reason, and nothing at all is touched", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", "{ not JSON");
    const bundle = host.bundle({ one: "1\n" });
    const outcome = await host.applyBundle({
      ...bundle,
      entries: [host.entry("hosts", "hosts", line), host.entry("daemon-json", "daemon.json", daemon)],
      variables: { ...bundle.variables, machine: "node-1" },
    });

    expect(outcome).toMatchObject({
      status: 1,
      words: `error: node-1: ${host.path("daemon.json")}: line 1: not valid JSON (no key); correct it; nothing was touched\n`,
    });
    expect(host.files()).toEqual(["daemon.json"]);
    expect(host.read("daemon.json")).toBe("{ not JSON");
  });

  it("are refused in a file with zero bytes", async () => {
    using host = new ScratchHost(shell);
    host.write("hosts", "a\0b");
    const { status, words } = await host.applyEntries([host.entry("hosts", "hosts", line)]);
    expect({ status, words }).toEqual({
      status: 1,
      words: `error: ${host.path("hosts")}: it contains zero bytes, so it is not a text file; nothing was touched\n`,
    });
  });

  it("go back to what served when the change does not", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", '{"debug": true}');
    await host.applyEntries([host.entry("daemon-json", "daemon.json", daemon)]);
    const before = host.read("daemon.json");
    const other = '{"insecure-registries":["other:1"]}\n';
    const outcome = await host.applyEntries(
      [host.entry("daemon-json", "daemon.json", other), host.entry("hosts", "new/hosts", line)],
      "verify",
    );

    expect(outcome.status).toBe(1);
    expect(host.read("daemon.json")).toBe(before);
    expect(host.files()).toEqual(["daemon.json"]);
    await host.remove();
    expect(host.read("daemon.json")).toBe('{"debug": true}');
  });

  it("leave nothing behind where they never served", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", '{"debug": true}');
    const entries = [host.entry("daemon-json", "daemon.json", daemon), host.entry("hosts", "new/hosts", line)];
    expect((await host.applyEntries(entries, "verify")).status).toBe(1);

    expect(host.read("daemon.json")).toBe('{"debug": true}');
    expect(host.files()).toEqual(["daemon.json"]);
    expect(readFileSync(join(host.state, "made"), "utf8")).toBe("");
  });

  it("converge after a power cut, and are taken out to the byte", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", '{"debug": true}');
    const entries = [host.entry("daemon-json", "daemon.json", daemon), host.entry("hosts", "new/hosts", line)];
    expect((await host.applyEntries(entries, "power")).status).toBeNull();
    expect(host.read("daemon.json")).toContain("r:5000");
    const outcome = await host.applyEntries(entries);

    expect(outcome).toMatchObject({ status: 0 });
    expect(outcome.words).toContain("an earlier apply was interrupted");
    expect(JSON.parse(host.read("daemon.json"))).toEqual({ debug: true, "insecure-registries": ["r:5000"] });
    await host.remove();
    expect(host.read("daemon.json")).toBe('{"debug": true}');
    expect(host.files()).toEqual(["daemon.json"]);
  });

  it("are taken out after a power cut without another apply", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", '{"debug": true}');
    await host.applyEntries([host.entry("daemon-json", "daemon.json", daemon)], "power");
    expect((await host.remove()).status).toBe(0);
    expect(host.read("daemon.json")).toBe('{"debug": true}');
    expect(existsSync(join(host.state, "scratch"))).toBe(false);
  });

  it("keep what somebody wrote after a power cut", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", '{"debug": true}');
    const entries = [host.entry("daemon-json", "daemon.json", daemon)];
    await host.applyEntries(entries, "power");
    writeFileSync(host.path("daemon.json"), host.read("daemon.json").replace("true", "false"));
    const outcome = await host.applyEntries(entries);

    expect(outcome.words).toContain("somebody else has changed it since");
    expect(JSON.parse(host.read("daemon.json"))).toEqual({ debug: false, "insecure-registries": ["r:5000"] });
    await host.remove();
    expect(host.read("daemon.json")).toBe('{"debug": false}');
  });

  it("are not put over what somebody writes at this moment", async () => {
    using host = new ScratchHost(shell);
    host.write("hosts", "127.0.0.1 localhost\n");
    const bundle = { ...host.bundle({ one: "1\n" }), entries: [host.entry("hosts", "hosts", line)] };
    const script = `${bundle.script}\nhook_validate() { echo theirs >>${host.path("hosts")}; }\n`;
    const outcome = await host.applyBundle({ ...bundle, script });

    expect(outcome.status).toBe(1);
    expect(outcome.words).toContain(
      `error: ${host.path("hosts")}: changed by somebody else at this moment; run pulumi again`,
    );
    expect(host.read("hosts")).toBe("127.0.0.1 localhost\ntheirs\n");
    expect(host.files()).toEqual(["hosts"]);
  });

  it("of two bundles share a file, and the last one takes along what the first one made", async () => {
    using host = new ScratchHost(shell);
    const entries = [host.entry("daemon-json", "docker/daemon.json", daemon)];
    const other = [host.entry("daemon-json", "docker/daemon.json", '{"insecure-registries":["other:1"]}\n')];
    await host.applyEntries(entries);
    await host.applyBundle({ ...host.bundle({}), name: "second", entries: other });
    await host.remove();
    expect(JSON.parse(host.read("docker/daemon.json"))).toEqual({ "insecure-registries": ["other:1"] });
    await host.remove({ name: "second" });
    expect(host.files()).toEqual([]);
  });

  it("are written in place where the file is a mount of its own", async () => {
    using host = new ScratchHost(shell);
    host.write("hosts", "127.0.0.1 localhost\n");
    const mount = { before: `mount --bind ${host.path("hosts")} ${host.path("hosts")}` };
    const inode = lstatSync(host.path("hosts")).ino;
    const entries = [host.entry("hosts", "hosts", line)];

    expect(await host.applyEntries(entries, "", mount)).toMatchObject({ status: 0, words: "" });
    expect(host.read("hosts")).toBe("192.0.2.10 r # container-registry scratch\n127.0.0.1 localhost\n");
    expect((await host.applyEntries([host.entry("hosts", "hosts", "192.0.2.11 r\n")], "verify", mount)).status).toBe(1);
    expect(host.read("hosts")).toBe("192.0.2.10 r # container-registry scratch\n127.0.0.1 localhost\n");
    expect(await host.remove({}, mount)).toMatchObject({ status: 0, words: "removed\n" });
    expect(host.read("hosts")).toBe("127.0.0.1 localhost\n");
    expect(lstatSync(host.path("hosts")).ino).toBe(inode);
    expect(host.files()).toEqual(["hosts"]);
  });
});
