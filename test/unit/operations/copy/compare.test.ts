import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comparePair } from "../../../../operations/copy/compare.ts";
import { RegistryApi } from "../../../../operations/registry-api/registry-api.ts";
import { FakeRegistry, imageType } from "../registry-api/fake-registry.ts";

let source: FakeRegistry;
let destination: FakeRegistry;

beforeEach(async () => {
  [source, destination] = [await FakeRegistry.start(), await FakeRegistry.start()];
});
afterEach(() => {
  source[Symbol.dispose]();
  destination[Symbol.dispose]();
});

async function compare(tags?: string[]) {
  const [from, to] = [source, destination].map(({ url }) => new RegistryApi({ url, ca: "" }, () => undefined));
  if (from === undefined || to === undefined) throw new Error("two registries");
  using sourceApi = from;
  using destinationApi = to;
  const pair = { from: "app", to: "app", ...(tags && { tags }) };
  const { agreed, differences } = await comparePair({ source: sourceApi, destination: destinationApi }, pair);
  return {
    agreed: agreed.map(({ tag }) => tag).sort(),
    differences: differences.map(({ tag, problem }) => `${tag} ${problem}`).sort(),
  };
}

const both = () => [source, destination];
const subjectOf = (digest: string) => ({ manifest: { subject: { mediaType: imageType, digest, size: 1 } } });
const fallback = (digest: string) => digest.replace(":", "-");

/** The tag that lists referrers where a registry has no referrers API. */
const list = (registry: FakeRegistry, subject: string, ...referrers: string[]) =>
  registry.index(
    "app",
    fallback(subject),
    referrers.map((digest) => ({ digest })),
  );

describe("both sides", () => {
  it("agree in tags of the same digest; what the destination has more is no difference", async () => {
    for (const registry of both()) registry.image("app", "v1", ["layer"]);
    destination.image("app", "own", ["other"]);
    expect(await compare()).toEqual({ agreed: ["v1"], differences: [] });
    // Registries count reads of manifests as pulls.
    expect(source.requests.filter((line) => line.startsWith("GET") && line.includes("/manifests/"))).toEqual([]);
  });

  it("differ in tags that are missing or name another image", async () => {
    const [was, is] = [destination.image("app", "v2", ["old"]), source.image("app", "v2", ["new"])];
    source.image("app", "v1", ["layer"]);
    expect(await compare()).toEqual({
      agreed: [],
      differences: ["v1 is missing", `v2 is ${was} instead of ${is}`],
    });
  });

  it("differ where a platform is missing, unless the source lacks it, too", async () => {
    for (const registry of both()) {
      const arm = registry.image("app", undefined, ["arm"]);
      registry.index("app", "v1", [{ digest: arm, platform: "linux/arm64" }]);
      if (registry === destination) registry.repositories.get("app")?.manifests.delete(arm);
    }
    expect((await compare()).differences).toEqual([expect.stringMatching(/^v1 lacks the manifest sha256:/)]);
    const [sparse] = [...(source.repositories.get("app")?.manifests.keys() ?? [])];
    source.repositories.get("app")?.manifests.delete(sparse ?? "");
    expect(await compare()).toEqual({ agreed: ["v1"], differences: [] });
  });

  it.each([
    ["the referrers API", true],
    ["the tag that lists them", false],
  ])("differ where a referrer is missing, by %s at the source", async (_, hasReferrers) => {
    source.hasReferrers = hasReferrers;
    const [image = ""] = both().map((registry) => registry.image("app", "v1", ["layer"]));
    const sbom = source.image("app", undefined, ["sbom"], subjectOf(image));
    if (!hasReferrers) list(source, image, sbom);
    expect((await compare()).differences).toEqual([`v1 does not list ${sbom} as a referrer of ${image}`]);
    destination.image("app", undefined, ["sbom"], subjectOf(image));
    const own = destination.image("app", undefined, ["own sbom"], subjectOf(image));
    list(destination, image, own, sbom);
    expect(await compare()).toEqual({ agreed: ["v1"], differences: [] });
    const signature = source.image("app", undefined, ["signature"], subjectOf(sbom));
    if (!hasReferrers) list(source, sbom, signature);
    expect((await compare()).differences).toEqual([`v1 does not list ${signature} as a referrer of ${sbom}`]);
  });

  it("are compared in the signatures of the selected tags alone", async () => {
    const [image = ""] = both().map((registry) => registry.image("app", "v1", ["layer"]));
    const other = source.image("app", "other", ["other"]);
    for (const digest of [image, other]) source.image("app", `${fallback(digest)}.sig`, [digest]);
    expect(await compare(["v*"])).toEqual({ agreed: ["v1"], differences: [`${fallback(image)}.sig is missing`] });
  });

  it("are compared in lists of referrers whose image no tag leads to, where every tag is copied", async () => {
    const [untagged, sbom] = [source.image("app", undefined, ["layer"]), source.image("app", undefined, ["sbom"])];
    list(source, untagged, sbom);
    expect((await compare()).differences).toEqual([`${fallback(untagged)} is missing`]);
    expect((await compare(["*"])).differences).toEqual([]);
  });

  it("are not compared where the source has no such repository", async () => {
    await expect(compare()).rejects.toThrow("has no repository app");
  });
});
