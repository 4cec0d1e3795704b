import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it, vi } from "vitest";
import { goBinary } from "../../lab/go/go-build.ts";
import { distribution } from "../../lab/images/registry-images.ts";
import { ask } from "../../lab/proxy/ask.ts";
import { digestOf, pushBlob } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";
import { deleteSelected } from "../../operations/deletion/delete-selected.ts";
import { noneInUse } from "../../operations/deletion/in-use.ts";
import { selectByRules } from "../../operations/deletion/selection.ts";
import { UntaggedFinder } from "../../operations/deletion/untagged/find-untagged.ts";
import { RegistryApi } from "../../operations/registry-api/registry-api.ts";

const jenkins = { bearer: "jenkins" };
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";
const repository = "team-a/app";

it("retention deletes what its rules do not keep, and frees what it said", { timeout: 120_000 }, async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const accounts = [account("jenkins", { push: ["**"] }), account("cleaner", { delete: ["**"], pull: ["**"] })];
  await using proxy = await startProxy({ accounts, requiresAuthForPull: true });
  const old = await pushed(proxy, "2026-01-01T00:00:00Z");
  const shared = await pushed(proxy, "2026-01-02T00:00:00Z");
  const fresh = await pushed(proxy, "2027-01-01T00:00:00Z");
  const oldIndex = await tagged(proxy, "v1", index([old, shared]));
  await tagged(proxy, "v2", index([shared, fresh]));
  await tagged(proxy, "v1-amd64", old.manifest);
  await tagged(proxy, "v2-amd64", shared.manifest);
  // What cosign and clients of the distribution specification store beside an image.
  const signature = await tagged(proxy, `${oldIndex.replace(":", "-")}.sig`, await artifact(proxy, "signature"));
  const sbom = await artifact(proxy, "SBOM", oldIndex);
  await tagged(proxy, digestOf(sbom), sbom);
  await tagged(proxy, oldIndex.replace(":", "-"), index([{ manifest: sbom }]));
  const retained = [...(await manifestsOf(proxy, "v2")), await digestOfTag(proxy, "v2")];

  const rules = [{ repositories: "team-a/**", keepLast: 1 }];
  const select = (contents: Parameters<typeof selectByRules>[0]) => selectByRules(contents, rules, new Date());
  const options = { asks: false, strict: false, pods: "no cluster", inUse: noneInUse } as const;
  using registry = new RegistryApi({ url: proxy.url, ca: "" }, () => ({
    username: "cleaner",
    password: password("cleaner"),
  }));
  const planned = await deleteSelected(registry, select, { ...options, dryRun: true });
  const [plan] = planned.repositories;
  expect(plan?.tagsAlone).toEqual([{ tag: "v2-amd64", digest: digestOf(shared.manifest) }]);
  expect(new Set(plan?.deleted.map(({ digest }) => digest))).toEqual(
    new Set([oldIndex, digestOf(old.manifest), signature, digestOf(sbom), digestOf(index([{ manifest: sbom }]))]),
  );
  expect(await tagsOf(proxy)).toContain("v1");

  expect(await deleteSelected(registry, select, { ...options, dryRun: false })).toEqual({ ...planned, dryRun: false });
  expect(await tagsOf(proxy)).toEqual(["v2"]);
  for (const { digest } of plan?.deleted ?? []) expect(await statusOf(proxy, `manifests/${digest}`)).toBe(404);
  for (const digest of retained) expect(await statusOf(proxy, `manifests/${digest}`)).toBe(200);

  const before = await bytesOfBlobs(proxy);
  await execa(await goBinary(distribution), ["garbage-collect", join(proxy.directory, "config.yml")]);
  expect(before - (await bytesOfBlobs(proxy))).toBe(planned.freedBytes);
  for (const { config, layer } of [shared, fresh])
    for (const blob of [config, layer]) expect(await statusOf(proxy, `blobs/${digestOf(blob)}`)).toBe(200);
  const again = await deleteSelected(registry, select, { ...options, dryRun: false });
  expect([again.freedBytes, again.repositories[0]?.deleted]).toEqual([0, []]);
});

it("retention deletes old manifests without a tag, apart from what something that stays needs", {
  timeout: 120_000,
}, async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const accounts = [account("jenkins", { push: ["**"] }), account("cleaner", { delete: ["**"], pull: ["**"] })];
  await using proxy = await startProxy({ accounts, requiresAuthForPull: true });
  const [old, shared, fresh, alone] = [
    await pushed(proxy, "2026-01-01T00:00:00Z"),
    await pushed(proxy, "2026-01-02T00:00:00Z"),
    await pushed(proxy, "2027-01-01T00:00:00Z"),
    await pushed(proxy, "2027-01-02T00:00:00Z", "team-b/untagged"),
  ];
  const oldIndex = await tagged(proxy, "v1", index([old, shared]));
  const newIndex = await tagged(proxy, "v1", index([shared, fresh]));
  // A referrer whose list under the tag sha256-HEX its client has not pushed.
  const sbom = await artifact(proxy, "SBOM", newIndex);
  await tagged(proxy, digestOf(sbom), sbom);
  await ageLinks(proxy, 8);
  const young = await pushed(proxy, "2026-01-03T00:00:00Z");

  const rules = [{ repositories: "**", untaggedAfter: 7 }];
  const select = (contents: Parameters<typeof selectByRules>[0]) => selectByRules(contents, rules, new Date());
  using registry = new RegistryApi({ url: proxy.url, ca: "" }, () => ({
    username: "cleaner",
    password: password("cleaner"),
  }));
  const run = async (script: string) => (await execa("sh", ["-c", script])).stdout;
  const untagged = new UntaggedFinder(registry, { root: proxy.storage, run }, () => true);
  const options = { asks: false, strict: false, pods: "no cluster", inUse: noneInUse, untagged } as const;
  const planned = await deleteSelected(registry, select, { ...options, dryRun: true });
  const going = planned.repositories.map(({ repository, deleted }) => [
    repository,
    deleted.map(({ digest }) => digest),
  ]);
  expect(going.toSorted()).toEqual([
    [repository, [oldIndex, digestOf(old.manifest)]],
    ["team-b/untagged", [digestOf(alone.manifest)]],
  ]);
  expect(planned.repositories.flatMap(({ retainedUntagged }) => retainedUntagged)).toEqual(
    expect.arrayContaining([
      { digest: digestOf(sbom), reason: `belongs to ${newIndex}, which stays` },
      { digest: digestOf(young.manifest), reason: "was pushed less than 7 days ago" },
    ]),
  );

  expect(await deleteSelected(registry, select, { ...options, dryRun: false })).toEqual({ ...planned, dryRun: false });
  const status = await Promise.all(
    [oldIndex, old.manifest, newIndex, shared.manifest, fresh.manifest, sbom, young.manifest].map((each) =>
      statusOf(proxy, `manifests/${each.startsWith("{") ? digestOf(each) : each}`),
    ),
  );
  expect(status).toEqual([404, 404, 200, 200, 200, 200, 200]);
  const again = await deleteSelected(registry, select, { ...options, dryRun: false });
  expect(again.repositories.flatMap(({ deleted }) => deleted)).toEqual([]);
});

/** Makes every file of the storage as old as if nobody had pushed for some days. */
async function ageLinks({ storage }: StartedProxy, days: number): Promise<void> {
  await execa("find", [storage, "-type", "f", "-exec", "touch", "--date", `${days} days ago`, "{}", "+"]);
}

type Image = { manifest: string; config: Buffer; layer: Buffer };

/** Pushes an image by digest, as clients push the children of an index. */
async function pushed(proxy: StartedProxy, created: string, into = repository): Promise<Image> {
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", created }));
  const layer = Buffer.alloc(50_000, created);
  for (const blob of [config, layer]) await pushBlob(proxy, into, blob, jenkins);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: configType, digest: digestOf(config), size: config.length },
    layers: [{ mediaType: layerType, digest: digestOf(layer), size: layer.length }],
  });
  await tagged(proxy, digestOf(manifest), manifest, into);
  return { manifest, config, layer };
}

async function artifact(proxy: StartedProxy, what: string, subject?: string): Promise<string> {
  const [config, layer] = [Buffer.from("{}"), Buffer.from(what.repeat(1000))];
  for (const blob of [config, layer]) await pushBlob(proxy, repository, blob, jenkins);
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType: "application/vnd.example",
    config: { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf(config), size: config.length },
    layers: [{ mediaType: "application/octet-stream", digest: digestOf(layer), size: layer.length }],
    ...(subject && { subject: { mediaType: indexType, digest: subject, size: 1 } }),
  });
}

function index(images: readonly { manifest: string }[]): string {
  const manifests = images.map(({ manifest }) => ({
    mediaType: manifestType,
    digest: digestOf(manifest),
    size: manifest.length,
  }));
  return JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
}

/** Pushes a manifest by tag or digest, and returns its digest. */
async function tagged(proxy: StartedProxy, reference: string, manifest: string, into = repository): Promise<string> {
  const headers = { "content-type": JSON.parse(manifest).mediaType };
  const { status } = await ask(proxy, `PUT /v2/${into}/manifests/${reference}`, {
    ...jenkins,
    headers,
    body: manifest,
  });
  expect(status).toBe(201);
  return digestOf(manifest);
}

const accept = { headers: { accept: `${manifestType}, ${indexType}` } };

async function statusOf(proxy: StartedProxy, path: string): Promise<number> {
  return (await ask(proxy, `HEAD /v2/${repository}/${path}`, { ...jenkins, ...accept })).status;
}

async function digestOfTag(proxy: StartedProxy, tag: string): Promise<string> {
  return digestOf((await ask(proxy, `GET /v2/${repository}/manifests/${tag}`, { ...jenkins, ...accept })).text);
}

async function manifestsOf(proxy: StartedProxy, tag: string): Promise<string[]> {
  const { text } = await ask(proxy, `GET /v2/${repository}/manifests/${tag}`, { ...jenkins, ...accept });
  return JSON.parse(text).manifests.map(({ digest }: { digest: string }) => digest);
}

async function tagsOf(proxy: StartedProxy): Promise<string[]> {
  return JSON.parse((await ask(proxy, `GET /v2/${repository}/tags/list`, jenkins)).text).tags;
}

async function bytesOfBlobs({ storage }: StartedProxy): Promise<number> {
  const folder = join(storage, "docker/registry/v2/blobs");
  const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith("/data"));
  const sizes = await Promise.all(files.map(async (path) => (await stat(join(folder, path))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
