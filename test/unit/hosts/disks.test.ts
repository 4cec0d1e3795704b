import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ScratchHost } from "./scratch-host.ts";
import { sparseShells } from "./shells.ts";

const line = "192.0.2.10 r\n";

describe.each(sparseShells)("a disk that takes no more, by $name", { timeout: 30_000 }, (shell) => {
  const readOnly = (folder: string) => ({
    before: `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`,
  });

  /** A small file system in the folder's place: the folder's own files, and no room beside them. */
  const full = (folder: string, after: string) => ({
    before: `cp -a ${folder} ${folder}.copy
mount -t tmpfs -o size=64k tmpfs ${folder}
cp -a ${folder}.copy/. ${folder}
rm -r ${folder}.copy
cat /dev/zero >${folder}/filler 2>/dev/null`,
    after,
  });

  it("read-only: names machine, file and reason, and touches nothing", async () => {
    using host = new ScratchHost(shell);
    host.write("hosts", "127.0.0.1 localhost\n");
    const bundle = { ...host.bundle({ one: "1\n" }), entries: [host.entry("hosts", "hosts", line)] };
    const variables = { ...bundle.variables, machine: "node-1" };
    const outcome = await host.applyBundle({ ...bundle, variables }, {}, readOnly(host.path("")));

    expect(outcome).toMatchObject({
      status: 1,
      words: `error: node-1: ${host.path("one")}: Read-only file system; nothing was touched\n`,
    });
    expect(host.read("hosts")).toBe("127.0.0.1 localhost\n");
  });

  it("read-only under a file that is a mount of its own: the same", async () => {
    using host = new ScratchHost(shell);
    host.write("hosts", "127.0.0.1 localhost\n");
    const outcome = await host.applyEntries([host.entry("hosts", "hosts", line)], "", readOnly(host.path("hosts")));

    expect(outcome.words).toBe(`error: ${host.path("hosts")}: Read-only file system; nothing was touched\n`);
    expect(host.read("hosts")).toBe("127.0.0.1 localhost\n");
  });

  it("read-only under the state: the same", async () => {
    using host = new ScratchHost(shell);
    await host.apply({ one: "1\n" });
    const outcome = await host.applyBundle(host.bundle({ one: "2\n" }), {}, readOnly(host.state));

    expect(outcome).toMatchObject({
      status: 1,
      words: expect.stringMatching(/^error: .*state.*: Read-only file system; nothing was touched\n$/),
    });
    expect(host.read("one")).toBe("1\n");
  });

  it("full under the files: names the file, leaves no half of it, and keeps what is foreign", async () => {
    using host = new ScratchHost(shell);
    host.write("daemon.json", '{"debug": true}');
    const entries = [host.entry("daemon-json", "daemon.json", '{"insecure-registries":["r:5000"]}\n')];
    const outcome = await host.applyEntries(
      entries,
      "",
      full(host.path(""), `ls ${host.path("")}; cat ${host.path("daemon.json")}`),
    );

    expect(outcome).toMatchObject({
      status: 1,
      words: `error: ${host.path("daemon.json")}: No space left on device; nothing was touched\n`,
      summary: 'daemon.json\nfiller\n{"debug": true}',
    });
  });

  it("full under the state: keeps the old manifest and the old files", async () => {
    using host = new ScratchHost(shell);
    await host.apply({ one: "1\n" });
    const manifest = join(host.state, "scratch/manifest");
    const old = readFileSync(manifest, "utf8");
    const left = `cat ${manifest}; ls ${join(host.state, "scratch")}`;
    const outcome = await host.applyBundle(host.bundle({ one: "2\n", two: "2\n" }), {}, full(host.state, left));

    expect(outcome.words).toMatch(/^error: .*\/state\/scratch\/.*: No space left on device; nothing was touched\n$/);
    expect(outcome).toMatchObject({ status: 1, summary: `${old}manifest\nowner\nreach\n` });
    expect(host.read("one")).toBe("1\n");
    expect(host.files()).toEqual(["one"]);
  });
});
