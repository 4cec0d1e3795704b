import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ScratchRegistry } from "./scratch-registry.ts";

it("copies what is new, and says what it covers", { timeout: 60_000 }, () => {
  using registry = new ScratchRegistry({ initialized: false });
  registry.push("team/app", "1.0", "x".repeat(50_000));
  const started = Date.now();
  const first = JSON.parse(registry.run("backup").stdout);
  // Three blobs, two layer links, and the links of revision, index and tag; the proxy's account.
  expect(first).toMatchObject({ repository: registry.repository, files: 9, backups: 1 });
  expect(Math.abs(Date.parse(first.covered) - started)).toBeLessThan(30_000);

  registry.push("team/app", "1.1", "y");
  const second = JSON.parse(registry.run("backup").stdout);
  expect(second).toMatchObject({ files: 17, backups: 2 });
  expect(second.added).toBeLessThan(first.bytes);
  expect(existsSync(join(registry.storage, "restored"))).toBe(false);
});

it("leaves unfinished uploads out", { timeout: 60_000 }, () => {
  using registry = new ScratchRegistry();
  registry.write("storage/docker/registry/v2/repositories/team/app/_uploads/1/data", "half");
  expect(JSON.parse(registry.run("backup").stdout)).toMatchObject({ files: 1 });
});

it("creates no second repository where the first one is missing", { timeout: 60_000 }, () => {
  using registry = new ScratchRegistry();
  expect(registry.run("backup").status).toBe(0);
  rmSync(registry.repository, { recursive: true });
  const { status, messages } = registry.run("backup");
  expect(status).toBe(1);
  expect(messages).toContain(`the backups at ${registry.repository} are missing; is its disk mounted?`);
});

it("names a wrong password, and does not print it", { timeout: 60_000 }, () => {
  using registry = new ScratchRegistry();
  registry.run("backup");
  registry.write("etc/password", "another\n");
  const { status, messages } = registry.run("backup");
  expect(status).toBe(1);
  expect(messages).toContain("wrong password");
  expect(messages).not.toContain("another");
});
