import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { withLoginFolder } from "../../../operations/login-folder.ts";
import { temporaryFolder, withFreshWorld } from "../../with-world.ts";

const runtime = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "runtime");
  vi.stubEnv("XDG_RUNTIME_DIR", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  return folder;
});

/** Where a call has its folder. */
async function parentFolder(): Promise<string> {
  let seen = "";
  await withLoginFolder(async (folder) => {
    seen = dirname(folder);
  });
  return seen;
}

/** Leaves a socket at which nobody listens. */
async function abandon(folder: string): Promise<void> {
  const server = createServer().listen(join(folder, "listening"));
  await once(server, "listening");
  // Closing it would remove the socket that it knows.
  renameSync(join(folder, "listening"), join(folder, "held"));
  server.close();
  await once(server, "close");
}

describe("a folder for a login", () => {
  it("is for this person alone, and gone at the end", async () => {
    let seen = "";
    await withLoginFolder(async (folder) => {
      seen = folder;
      writeFileSync(join(folder, "config.json"), "login");
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    });
    expect(existsSync(seen)).toBe(false);
    expect(readdirSync(runtime())).toEqual([]);
  });

  it("is gone where what it is for fails", async () => {
    await expect(withLoginFolder(() => Promise.reject(new Error("no push")))).rejects.toThrow("no push");
    expect(readdirSync(runtime())).toEqual([]);
  });

  it("is in memory: in the person's runtime folder, else where the machine shares memory", async () => {
    expect(await parentFolder()).toBe(runtime());
    const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
    for (const none of [undefined, "", join(runtime(), "missing")]) {
      vi.stubEnv("XDG_RUNTIME_DIR", none);
      expect(await parentFolder()).toBe(memory);
    }
  });

  it("is not removed by another call while it is in use, however often", async () => {
    await withLoginFolder(async (folder) => {
      for (const _ of Array(20)) await withLoginFolder(async () => {});
      expect(existsSync(folder)).toBe(true);
    });
  });

  it("is removed by the next call where its process is gone, and nothing else that has such a name", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    await abandon(elsewhere);
    mkdirSync(join(runtime(), "registry-login-abandoned"));
    await abandon(join(runtime(), "registry-login-abandoned"));
    mkdirSync(join(runtime(), "registry-login-older"));
    writeFileSync(join(runtime(), "registry-login-file"), "");
    symlinkSync(elsewhere, join(runtime(), "registry-login-link"));
    await withLoginFolder(async () => {});
    expect(readdirSync(runtime()).toSorted()).toEqual([
      "registry-login-file",
      "registry-login-link",
      "registry-login-older",
    ]);
    expect(readdirSync(elsewhere)).toEqual(["held"]);
    rmSync(elsewhere, { recursive: true });
  });

  it("leaves no listener for signals behind", async () => {
    const signals = ["SIGHUP", "SIGTERM", "SIGQUIT", "exit"] as const;
    const counts = () => signals.map((signal) => process.listenerCount(signal));
    const before = counts();
    await withLoginFolder(async () => {});
    expect(counts()).toEqual(before);
  });
});
