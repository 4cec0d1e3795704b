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

it("refuses a newest backup without images, and names the one to take instead", { timeout }, () => {
  using registry = new ScratchRegistry();
  registry.push("app", "1.0", "a");
  const { covered } = JSON.parse(registry.run("backup").stdout);
  const before = registry.stored();
  registry.remove("storage");
  registry.run("backup");
  const { status, messages } = registry.run("restore");
  expect(status).toBe(1);
  expect(messages).toContain(`has no image; the backup of ${covered} has 1 tags: registry restore --at ${covered}\n`);
  const chosen = registry.run("restore", covered.replace(/[-:]/g, ""));
  expect(JSON.parse(chosen.stdout)).toMatchObject({ backup: covered, fuller: null, problems: 0 });
  expect(registry.stored()).toEqual(before);
});

it("names an older backup that has more than twice as many tags", { timeout }, () => {
  using registry = new ScratchRegistry();
  for (const tag of ["1.0", "1.1", "1.2"]) registry.push("app", tag, tag);
  const { covered } = JSON.parse(registry.run("backup").stdout);
  registry.remove("storage");
  registry.push("app", "2.0", "b");
  registry.run("backup");
  const fuller = { backup: covered, tags: 3, insteadOf: 1 };
  expect(JSON.parse(registry.run("restore").stdout)).toMatchObject({ fuller, problems: 0 });
  registry.push("app", "2.1", "c");
  registry.run("backup");
  expect(JSON.parse(registry.run("restore").stdout)).toMatchObject({ fuller: null });
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
