import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { awaitServiceAccount } from "../../../../hosts/cluster/service-account.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import { sparseShells } from "../shells.ts";

const kubeconfig = "apiVersion: v1\nkind: Config\nusers: [{ name: admin, user: { token: correct-horse } }]\n";

const folder = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "kubectl");
  mkdirSync(join(folder, "temporary"));
  return folder;
});

const path = (name: string) => join(folder(), name);

/** A kubectl that does this once it has noted what its kubeconfig holds, and what the temporary folder does. */
function kubectl(does: string): void {
  const note = `cat "$KUBECONFIG" >>'${path("read")}'; ls "$TMPDIR" >>'${path("left")}'`;
  writeFileSync(path("kubectl"), `#!/bin/sh\n${note}\n${does}\n`);
  chmodSync(path("kubectl"), 0o755);
}

const command = awaitServiceAccount({ cluster: "uid", namespace: "team-a" });

describe.each(sparseShells)("a kubeconfig that comes by standard input, in $name", ({ sh, path: tools }) => {
  const start = () =>
    execa(sh, ["-c", command], {
      input: kubeconfig,
      env: { PATH: [folder(), tools].join(delimiter), TMPDIR: path("temporary") },
      extendEnv: false,
      reject: false,
      detached: true,
    });

  it("is read by each call of kubectl, and lies in no folder meanwhile", async () => {
    kubectl("echo uid");
    expect(await start()).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readFileSync(path("read"), "utf8")).toBe(kubeconfig.repeat(3));
    expect(readFileSync(path("left"), "utf8")).toBe("");
  });

  it.each(["SIGKILL", "SIGHUP", "SIGTERM"] as const)("is left nowhere by %s", async (signal) => {
    kubectl(`touch '${path("begun")}'; exec sleep 300`);
    const running = start();
    await vi.waitUntil(() => existsSync(path("begun")), { timeout: 60_000, interval: 50 });
    process.kill(-Number(running.pid), signal);
    await running;
    expect(readdirSync(path("temporary"))).toEqual([]);
  });
});
