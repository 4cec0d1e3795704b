import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ReadProgress, readContents, readRepository } from "../../../../operations/contents/read-contents.ts";
import { RegistryApi } from "../../../../operations/registry-api/registry-api.ts";
import { FakeRegistry, imageType } from "../registry-api/fake-registry.ts";

let registry: FakeRegistry;
let api: RegistryApi;
beforeEach(async () => {
  registry = await FakeRegistry.start();
  api = new RegistryApi({ url: registry.url, ca: "" }, () => undefined);
});
afterEach(() => {
  api[Symbol.dispose]();
  registry[Symbol.dispose]();
});

const asked = (pattern: RegExp) => registry.requests.filter((line) => pattern.test(line)).length;

describe("readRepository", () => {
  it("reads tags, manifests, and what an image's config says", async () => {
    const digest = registry.image("app", "v1", ["layer", "other layer"], { platform: "linux/arm64/v8" });
    const { tags, manifests } = await readRepository(api, "app");
    expect(tags).toEqual([{ name: "v1", digest }]);
    expect(manifests.get(digest)).toMatchObject({
      digest,
      kind: "image",
      platform: "linux/arm64/v8",
      created: new Date("2026-01-02T03:04:05Z"),
      layers: [{ size: 5 }, { size: 11 }],
    });
  });

  it("reads an index with its children, and leaves out a child that is missing", async () => {
    const arm = registry.image("app", undefined, ["arm"], { platform: "linux/arm64" });
    const missing = `sha256:${"0".repeat(64)}`;
    const index = registry.index("app", "v1", [
      { digest: arm, platform: "linux/arm64" },
      { digest: missing, platform: "linux/s390x" },
    ]);
    const { manifests } = await readRepository(api, "app");
    expect([...manifests.keys()]).toEqual([index, arm]);
    expect(manifests.get(index)?.children.map(({ platform }) => platform)).toEqual(["linux/arm64", "linux/s390x"]);
  });

  it("reads referrers of referrers by the referrers API", async () => {
    registry.hasReferrers = true;
    const image = registry.image("app", "v1", ["layer"]);
    const refer = (digest: string, artifactType: string) =>
      registry.image("app", undefined, ["{}"], {
        manifest: { artifactType, subject: { digest, mediaType: imageType, size: 1 } },
      });
    const sbom = refer(image, "application/spdx+json");
    const signature = refer(sbom, "application/vnd.dev.sigstore.bundle.v0.3+json");
    const { manifests } = await readRepository(api, "app");
    expect([...manifests.keys()].sort()).toEqual([image, sbom, signature].sort());
    expect(manifests.get(signature)).toMatchObject({ kind: "artifact", subject: sbom });
  });

  it("reads referrers by their tag where there is no referrers API", async () => {
    const image = registry.image("app", "v1", ["layer"]);
    const subject = { digest: image, mediaType: imageType, size: 1 };
    const sbom = registry.image("app", undefined, ["{}"], {
      manifest: { artifactType: "application/spdx+json", subject },
    });
    registry.index("app", image.replace(":", "-"), [{ digest: sbom }]);
    const { manifests } = await readRepository(api, "app");
    expect(manifests.get(sbom)?.subject).toBe(image);
  });

  it("takes signatures and attestations with an image's config for artifacts", async () => {
    const layer = (mediaType: string) => ({ layers: [{ mediaType, digest: `sha256:${"1".repeat(64)}`, size: 2 }] });
    const signature = registry.image("app", "sig", [], {
      manifest: layer("application/vnd.dev.cosign.simplesigning.v1+json"),
    });
    const attestation = registry.image("app", "att", [], { manifest: layer("application/vnd.in-toto+json") });
    const { manifests } = await readRepository(api, "app");
    expect([signature, attestation].map((digest) => manifests.get(digest)?.kind)).toEqual(["artifact", "artifact"]);
  });

  it("is empty where there is no such repository", async () => {
    expect(await readRepository(api, "app")).toEqual({ name: "app", tags: [], manifests: new Map() });
  });

  it("leaves out a tag that is deleted meanwhile", async () => {
    registry.image("app", "v1", ["layer"]);
    registry.image("app", "v2", ["other"]);
    registry.instead = ({ request, response }) =>
      request.url?.endsWith("manifests/v1") === true && !!response.writeHead(404).end();
    expect((await readRepository(api, "app")).tags.map(({ name }) => name)).toEqual(["v2"]);
  });

  it("fails on a manifest that cannot be read", async () => {
    registry.manifest("app", "v1", { mediaType: imageType, layers: [{ digest: "nonsense" }] });
    await expect(readRepository(api, "app")).rejects.toThrow(
      /repository app, holds a manifest that cannot be read \(sha256:/,
    );
  });
});

describe("readContents", () => {
  it("asks once for each tag, and once for each config", async () => {
    for (const name of ["one", "two"]) for (const tag of ["a", "b", "c"]) registry.image(name, tag, ["layer"]);
    const { repositories } = await readContents(api, ["one", "two", "three"]);
    expect(repositories.map(({ name, tags }) => [name, tags.length])).toEqual([
      ["one", 3],
      ["two", 3],
    ]);
    expect([asked(/\/manifests\//), asked(/\/blobs\//), asked(/\/referrers\//)]).toEqual([6, 1, 1]);
  });

  it("has an image that another repository's index names without having it", async () => {
    const digest = registry.image("whole", "v1", ["layer"]);
    registry.index("half", "v1", [{ digest }]);
    const { repositories } = await readContents(api, ["half", "whole"]);
    expect(repositories[1]).toMatchObject({ name: "whole", tags: [{ name: "v1", digest }] });
    expect(repositories[1]?.manifests.has(digest)).toBe(true);
  });

  it("names the repositories that may not be pulled from, and reads the others", async () => {
    registry.image("mine", "v1", ["layer"]);
    registry.image("secret", "v1", ["layer"]);
    registry.instead = ({ request, response }) =>
      request.url?.startsWith("/v2/secret/") === true && !!response.writeHead(403).end();
    const { repositories, denied } = await readContents(api, ["mine", "secret"]);
    expect(repositories.map(({ name }) => name)).toEqual(["mine"]);
    expect(denied.map(({ message }) => message)).toEqual([expect.stringContaining("may not pull from secret (403)")]);
  });

  it("fails as a whole where the registry fails", async () => {
    registry.image("app", "v1", ["layer"]);
    registry.instead = ({ request, response }) =>
      request.url?.includes("/manifests/") === true && !!response.writeHead(500).end();
    await expect(readContents(api, ["app"])).rejects.toThrow(/answers 500; see the registry's log/);
  });

  it("says how far it is", async () => {
    for (const name of ["one", "two"]) for (const tag of ["a", "b"]) registry.image(name, tag, [name + tag]);
    const seen: ReadProgress[] = [];
    await readContents(api, ["one", "two"], (progress) => seen.push(progress));
    expect(seen).toHaveLength(6);
    expect(seen.at(-1)).toEqual({ repositories: 2, repositoriesRead: 2, tagsRead: 4 });
  });
});
