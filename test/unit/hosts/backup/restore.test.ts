import { expect, it } from "vitest";
import { ScratchRegistry } from "./scratch-registry.ts";

const timeout = 120_000;

it("brings everything back to an empty storage", { timeout }, () => {
  using registry = new ScratchRegistry();
  registry.push("team/app", "1.0", "a");
  registry.push("app", "1.0", "b");
  const before = registry.stored();
  registry.run("backup");
  registry.remove("storage");
  registry.remove("caddy/account.json");
  const { status, stdout } = registry.run("restore");
  expect({ status, report: JSON.parse(stdout) }).toMatchObject({
    status: 0,
    report: { blobs: 6, links: 10, problems: 0 },
  });
  expect(registry.stored()).toEqual(before);
  expect(registry.run("restore").stdout).toContain('"blobs":0,"links":0');
});

it("mends what is damaged, and leaves what is newer than the backup", { timeout }, () => {
  using registry = new ScratchRegistry();
  const { layer, manifest } = registry.push("app", "1.0", "a");
  const other = registry.push("app", "2.0", "b");
  registry.run("backup");
  registry.push("app", "3.0", "c");
  const before = registry.stored();
  registry.write(registry.blobPath(layer), "A");
  registry.remove(registry.blobPath(other.manifest));
  registry.write("storage/docker/registry/v2/repositories/app/_manifests/tags/1.0/current/link", "");
  registry.remove(`storage/docker/registry/v2/repositories/app/_manifests/revisions/sha256/${manifest}`);
  const { status, stdout } = registry.run("restore");
  expect({ status, report: JSON.parse(stdout) }).toMatchObject({
    status: 0,
    report: { blobs: 2, links: 2, problems: 0 },
  });
  expect(registry.stored()).toEqual(before);
});

it("takes a blob that the newest backup has damaged from an older one", { timeout }, () => {
  using registry = new ScratchRegistry();
  const { layer } = registry.push("app", "1.0", "aaaa");
  registry.run("backup");
  const before = registry.stored();
  registry.write(registry.blobPath(layer), "aaAa");
  registry.run("backup");
  const { status, stdout } = registry.run("restore");
  expect({ status, report: JSON.parse(stdout) }).toMatchObject({ status: 0, report: { blobs: 1, problems: 0 } });
  expect(registry.stored()).toEqual(before);
});

it("brings one repository back alone", { timeout }, () => {
  using registry = new ScratchRegistry();
  registry.push("team/app", "1.0", "a");
  const before = registry.stored();
  registry.push("app", "1.0", "b");
  registry.run("backup");
  registry.remove("storage");
  expect(registry.run("restore", "", "team/.+").stdout).toContain('"blobs":3,"links":5');
  expect(registry.stored()).toEqual(before);
  const { status, messages } = registry.run("restore", "", "nobody/.+");
  expect(status).toBe(1);
  expect(messages).toContain("no repository in the backup");
});

it("names what no backup has, and the images that it hurts", { timeout }, () => {
  using registry = new ScratchRegistry();
  const { layer } = registry.push("app", "1.0", "aaaa");
  registry.write(registry.blobPath(layer), "aaAa");
  registry.run("backup");
  const { status, stdout } = registry.run("restore");
  expect(status).toBe(4);
  expect(stdout).toContain(`live\tdamaged blob\tsha256:${layer}\tapp:1.0\n`);
});
