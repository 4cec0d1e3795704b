import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { proxyConfig } from "../../../../render/cluster-registry/proxy.ts";
import { shells } from "../../hosts/shells.ts";
import { proxySettings } from "../rendered-cluster.ts";

let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxy-"));
  mkdirSync(join(folder, "caddy"));
  bring("1");
});
afterEach(() => {
  // With what follows the files, which in a pod ends with its first process.
  if (running?.pid !== undefined) process.kill(-running.pid, "SIGKILL");
  rmSync(folder, { recursive: true });
});

describe.each(shells)("the proxy's program, by $name", { timeout: 30_000 }, ({ sh, path }) => {
  it("reloads the proxy after the kubelet replaced its files, and again after a failed reload", async () => {
    start(sh, path);
    await proxyDid("run");

    refuseReloads(true);
    bring("2");
    await proxyDid("run", "refused again");
    refuseReloads(false);
    await proxyDid("run", "refused again", "reloaded");
    bring("3");
    await proxyDid("run", "refused again", "reloaded", "reloaded");
  });

  it("limits the proxy's open files by OPEN_FILES", async () => {
    start(sh, path);
    await proxyDid("run");
    expect(readFileSync(join(folder, "limit"), "utf8")).toBe("321\n");
  });

  it("ends with the proxy's exit code", async () => {
    const ended = new Promise((resolve) => start(sh, path).once("exit", resolve));
    await proxyDid("run");
    running?.kill("SIGTERM");
    expect(await ended).toBe(7);
  });
});

/** Replaces the files as the kubelet does: writes a new folder, then renames the link to it. */
function bring(version: string): void {
  mkdirSync(join(folder, "caddy", version));
  symlinkSync(version, join(folder, "caddy/..data_tmp"));
  renameSync(join(folder, "caddy/..data_tmp"), join(folder, "caddy/..data"));
}

function refuseReloads(refused: boolean): void {
  writeFileSync(join(folder, "reload"), refused ? "refused" : "reloaded");
}

/** Starts the program with this test's folder, shorter waits, and a fake caddy that records its commands. */
function start(sh: string, path: string): ChildProcess {
  refuseReloads(false);
  const proxy = `#!${sh}
case $1 in
  run) ulimit -n >${folder}/limit; echo run >>${folder}/did; trap 'exit 7' TERM; while :; do sleep 0.1; done ;;
  reload) answer=$(cat ${folder}/reload); echo $answer >>${folder}/did; [ "$answer" = reloaded ] ;;
esac
`;
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "caddy"), proxy);
  chmodSync(join(bin, "caddy"), 0o755);
  const program = proxyConfig(proxySettings).data["proxy.sh"] ?? "";
  const text = program.replaceAll("/etc/caddy", join(folder, "caddy")).replace("sleep 2", "sleep 0.2");
  running = spawn(sh, ["-c", text], {
    env: { PATH: `${bin}:${path}`, OPEN_FILES: "321" },
    stdio: "ignore",
    detached: true,
  });
  return running;
}

async function proxyDid(...expected: string[]): Promise<void> {
  const did = () =>
    readFileSync(join(folder, "did"), { encoding: "utf8", flag: "a+" })
      // However often, as long as it was not once.
      .replace(/(refused\n){2,}/, "refused again\n")
      .split("\n")
      .filter(Boolean);
  await vi.waitFor(() => expect(did()).toEqual(expected), { timeout: 25_000, interval: 20 });
}
