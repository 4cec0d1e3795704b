import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { proxyConfig } from "../../../../render/cluster-registry/proxy.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import { shells } from "../../hosts/shells.ts";
import { proxySettings } from "../rendered-cluster.ts";

const world = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "proxy");
  mkdirSync(join(folder, "caddy"));
  return { folder, defer: cleanup.defer };
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

  it("reloads no files that Caddy refuses, so that no request waits for them", async () => {
    start(sh, path);
    await proxyDid("run");
    writeFileSync(join(world().folder, "invalid"), "");
    bring("2");
    await vi.waitUntil(() => existsSync(join(world().folder, "validated")), { timeout: 10_000 });
    await proxyDid("run");
    rmSync(join(world().folder, "invalid"));
    await proxyDid("run", "reloaded");
  });

  it("limits the proxy's open files by OPEN_FILES", async () => {
    start(sh, path);
    await proxyDid("run");
    expect(readFileSync(join(world().folder, "limit"), "utf8")).toBe("321\n");
  });

  it("ends with the proxy's exit code", async () => {
    const running = start(sh, path);
    const ended = new Promise((resolve) => running.once("exit", resolve));
    await proxyDid("run");
    running.kill("SIGTERM");
    expect(await ended).toBe(7);
  });
});

/** Replaces the files as the kubelet does: writes a new folder, then renames the link to it. */
function bring(version: string): void {
  mkdirSync(join(world().folder, "caddy", version));
  symlinkSync(version, join(world().folder, "caddy/..data_tmp"));
  renameSync(join(world().folder, "caddy/..data_tmp"), join(world().folder, "caddy/..data"));
}

function refuseReloads(refused: boolean): void {
  writeFileSync(join(world().folder, "reload"), refused ? "refused" : "reloaded");
}

/** Starts the program with this test's folder, shorter waits, and a fake caddy that records its commands. */
function start(sh: string, path: string): ChildProcess {
  const { folder, defer } = world();
  bring("1");
  refuseReloads(false);
  const proxy = `#!${sh}
case $* in
  "run --config - "*) exec sleep 60 ;;
  run*) ulimit -n >${folder}/limit; echo run >>${folder}/did; trap 'exit 7' TERM; while :; do sleep 0.1; done ;;
  validate*) [ ! -e ${folder}/invalid ] || { : >${folder}/validated; exit 1; } ;;
  reload*) answer=$(cat ${folder}/reload); echo $answer >>${folder}/did; [ "$answer" = reloaded ] ;;
esac
`;
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "caddy"), proxy);
  chmodSync(join(bin, "caddy"), 0o755);
  const { "proxy.sh": program = "", "reload.sh": reload = "" } = proxyConfig(proxySettings).data;
  const moved = (text: string) => text.replaceAll("/etc/caddy", join(folder, "caddy")).replaceAll("/run/caddy", folder);
  writeFileSync(join(folder, "caddy/reload.sh"), moved(reload));
  const text = moved(program).replace("sleep 2", "sleep 0.2");
  const running = spawn(sh, ["-c", text], {
    env: { PATH: `${bin}:${path}`, OPEN_FILES: "321" },
    stdio: "ignore",
    detached: true,
  });
  // With what follows the files, which in a pod ends with its first process.
  defer(() => process.kill(-Number(running.pid), "SIGKILL"));
  return running;
}

async function proxyDid(...expected: string[]): Promise<void> {
  const did = () =>
    readFileSync(join(world().folder, "did"), { encoding: "utf8", flag: "a+" })
      // However often, as long as it was not once.
      .replace(/(refused\n){2,}/, "refused again\n")
      .split("\n")
      .filter(Boolean);
  await vi.waitFor(() => expect(did()).toEqual(expected), { timeout: 25_000, interval: 20 });
}
