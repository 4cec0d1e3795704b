import { describe, expect, it } from "vitest";
import { indexOf, ScratchRegistry } from "./scratch-registry.ts";

const timeout = 120_000;

describe("restore of one tag", () => {
  it("brings it back with its platforms and its signature, and nothing else", { timeout }, () => {
    using registry = new ScratchRegistry();
    const image = registry.blob(
      indexOf(registry.push("app", "amd64", "a").manifest, registry.push("app", "arm64", "b").manifest),
    );
    registry.pushManifest("app", "1.2", image);
    registry.push("app", `sha256-${image}.sig`, "signature");
    registry.remove("storage/docker/registry/v2/repositories/app/_manifests/tags/amd64");
    registry.remove("storage/docker/registry/v2/repositories/app/_manifests/tags/arm64");
    const wanted = registry.stored();
    registry.push("app", "2.0", "c");
    registry.push("app", `sha256-${"0".repeat(64)}.sig`, "another's");
    registry.push("team/app", "1.2", "d");
    registry.run("backup");
    registry.remove("storage");

    const { status, stdout, messages } = registry.run("restore", "", "app", "1.2");
    expect({ status, messages }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ blobs: 10, problems: 0 });
    expect(registry.stored()).toEqual(wanted);
  });

  it("lets a tag that was pushed again name the old image, and leaves every other tag as it is", { timeout }, () => {
    using registry = new ScratchRegistry();
    const old = registry.push("app", "1.2", "a");
    registry.push("app", "2.0", "b");
    registry.run("backup");
    const again = registry.push("app", "1.2", "c");
    registry.push("app", "2.0", "d");
    registry.write(registry.blobPath(old.layer), "A");
    const before = registry.stored();

    const { status, stdout, messages } = registry.run("restore", "", "app", "1.2");
    expect({ status, report: JSON.parse(stdout) }).toMatchObject({
      status: 0,
      report: { blobs: 1, links: 1, problems: 0 },
    });
    expect(messages).toContain(`app:1.2 named sha256:${again.manifest}, which stays in the registry under its digest`);
    const tag = "/registry/v2/repositories/app/_manifests/tags/1.2/current/link";
    const layer = registry.blobPath(old.layer).replace("storage/docker", "");
    expect(registry.stored()).toEqual({ ...before, [tag]: `sha256:${old.manifest}`, [layer]: "a" });
  });

  it("leaves the tag as it is where no backup has the whole image", { timeout }, () => {
    using registry = new ScratchRegistry();
    const { layer } = registry.push("app", "1.2", "a");
    registry.write(registry.blobPath(layer), "A");
    registry.run("backup");
    registry.remove("storage");
    const { status, messages } = registry.run("restore", "", "app", "1.2");
    expect(status).toBe(1);
    expect(messages).toContain(`no backup has the whole image: its blob sha256:${layer} is missing or damaged`);
    expect(Object.keys(registry.stored()).filter((path) => path.endsWith("link"))).toEqual([]);
    expect(registry.run("restore", "", "app", "1.3").messages).toContain("has no app:1.3; --at takes an older one");
  });
});
