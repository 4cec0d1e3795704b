import http from "node:http";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, ask, type Question } from "../../lab/proxy/ask.ts";
import { digestOf, pushImage } from "../../lab/proxy/content.ts";
import { token } from "../../lab/proxy/credentials.ts";
import { type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";

const jenkins = { bearer: "jenkins" };
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const immutableTags = [
  { repository: "team-a/**", tag: "v*" },
  { repository: "shop", tag: "1.0" },
];

let proxy: StartedProxy;

beforeAll(async () => {
  proxy = await startProxy({ immutableTags });
});
afterAll(() => proxy[Symbol.asyncDispose]());

describe("an immutable tag", () => {
  it("takes a first push, and the same manifest again", async () => {
    const first = await push("team-a/first", "v1", "one");
    expect(first.answer.status).toBe(201);
    const again = await push("team-a/first", "v1", "one");
    expect([again.answer.status, again.answer.headers["docker-content-digest"]]).toEqual([201, first.digest]);
    expect(await digestAt("team-a/first", "v1")).toBe(first.digest);
  });

  it("refuses another manifest, with a message that clients show", async () => {
    const { digest } = await push("team-a/moved", "v1", "one");
    const { answer } = await push("team-a/moved", "v1", "two");
    expect(denial(answer)).toEqual([
      403,
      "DENIED",
      "the tag team-a/moved:v1 is immutable and names another manifest; push another tag",
    ]);
    expect(answer.headers["docker-content-digest"]).toBeUndefined();
    expect(await digestAt("team-a/moved", "v1")).toBe(digest);
  });

  it("refuses a body that is no manifest", async () => {
    const { digest } = await push("team-a/broken", "v1", "one");
    const answer = await putManifest("team-a/broken", "v1", "{}");
    expect(denial(answer).slice(0, 2)).toEqual([403, "DENIED"]);
    expect(await digestAt("team-a/broken", "v1")).toBe(digest);
  });

  it("cannot be given by the query of a push by digest", async () => {
    const { digest } = await push("team-a/query", "v1", "one");
    const other = await push("team-a/query", "latest", "two");
    await putManifest("team-a/query", `${other.digest}?tag=v1`, other.manifest);
    await putManifest("team-a/query", "latest?tag=v1", other.manifest);
    expect(await digestAt("team-a/query", "v1")).toBe(digest);
  });

  it.each(["v1_2-rc.3", "vX", `v${"x".repeat(127)}`])("may be called %s", async (tag) => {
    expect((await push("team-a/odd", tag, "one")).answer.status).toBe(201);
    expect(denial((await push("team-a/odd", tag, "two")).answer)[0]).toBe(403);
  });

  it("is not a tag of another case, of another repository or of a longer name", async () => {
    for (const [repository, tag] of [
      ["team-a/case", "V1"],
      ["team-ab/app", "v1"],
      ["shop", "1.0.1"],
      ["shop", "1x0"],
      ["other/shop", "1.0"],
    ] as const) {
      expect((await push(repository, tag, "one")).answer.status).toBe(201);
      const moved = await push(repository, tag, "two");
      expect(moved.answer.status).toBe(201);
      expect(await digestAt(repository, tag)).toBe(moved.digest);
      expect((await remove(`/v2/${repository}/manifests/${tag}`)).status).toBe(202);
    }
  });

  it("is a tag of an index, too", async () => {
    const { digest, manifest } = await push("team-a/index", "amd64", "one");
    const index = indexOf(digest, manifest.length);
    for (const expected of [201, 201])
      expect((await putManifest("team-a/index", "v1", index, indexType)).status).toBe(expected);
    expect((await putManifest("team-a/index", "v1", manifest)).status).toBe(403);
    const changed = indexOf(digest, manifest.length, { note: "changed" });
    expect(denial(await putManifest("team-a/index", "v1", changed, indexType))[0]).toBe(403);
    expect(await digestAt("team-a/index", "v1")).toBe(digestOf(index));
  });

  it("needs the account's right as any other", async () => {
    const { digest } = await push("shop", "1.0", "one");
    expect((await push("shop", "1.0", "two", { bearer: "team-a" })).answer.status).toBe(403);
    expect((await ask(proxy, `DELETE /v2/shop/manifests/${digest}`)).status).toBe(401);
  });

  it("takes one of two first pushes at the same time, and refuses the other", async () => {
    for (let round = 0; round < 10; round++) {
      const tag = `v${round}`;
      const images = await Promise.all(
        ["a", "b", "c", "d"].map((content) => push("team-a/race", `${content}${tag}`, content)),
      );
      const answers = await Promise.all(images.map(({ manifest }) => putManifest("team-a/race", tag, manifest)));
      const accepted = images.filter((_, index) => answers[index]?.status === 201);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403]);
      expect(await digestAt("team-a/race", tag)).toBe(accepted[0]?.digest);
    }
  });

  it("does not wait for a slow client's manifest of another tag", async () => {
    const slow = await slowPut("/v2/team-a/slow/manifests/v1");
    expect((await push("team-a/quick", "v1", "one")).answer.status).toBe(201);
    slow.destroy();
  });
});

describe("deleting", () => {
  it("is refused for an immutable tag, by tag and by digest", async () => {
    const { digest } = await push("team-a/stays", "v1", "one");
    await push("team-a/stays", "latest", "one");
    expect(denial(await remove("/v2/team-a/stays/manifests/v1"))).toEqual([
      403,
      "DENIED",
      "the tag team-a/stays:v1 is immutable and cannot be deleted",
    ]);
    expect(denial(await remove(`/v2/team-a/stays/manifests/${digest}`))).toEqual([
      403,
      "DENIED",
      `an immutable tag of team-a/stays needs ${digest}, which cannot be deleted`,
    ]);
    expect(await digestAt("team-a/stays", "v1")).toBe(digest);
    expect((await remove("/v2/team-a/stays/manifests/latest")).status).toBe(202);
  });

  it("is refused for the images of an immutable index", async () => {
    const { digest, manifest } = await push("team-a/platforms", "amd64", "one");
    await putManifest("team-a/platforms", "v1", indexOf(digest, manifest.length), indexType);
    expect((await remove("/v2/team-a/platforms/manifests/amd64")).status).toBe(202);
    expect(denial(await remove(`/v2/team-a/platforms/manifests/${digest}`))[0]).toBe(403);
  });

  it("is refused for blobs of a repository with immutable tags", async () => {
    const { layer } = await push("team-a/blobs", "v1", "one");
    expect(denial(await remove(`/v2/team-a/blobs/blobs/${layer}`))).toEqual([
      403,
      "DENIED",
      "team-a/blobs has immutable tags that may need this blob; delete manifests instead",
    ]);
    const other = await push("other/blobs", "v1", "one");
    expect((await remove(`/v2/other/blobs/blobs/${other.layer}`)).status).toBe(202);
  });

  it("works for all other manifests of the repository, also for what the tag named before it was immutable", async () => {
    await using own = await startProxy();
    const before = await push("team-a/app", "v1", "one", jenkins, own);
    const now = await push("team-a/app", "v1", "two", jenkins, own);
    const latest = await push("team-a/app", "latest", "three", jenkins, own);
    await own.reload({ immutableTags });
    for (const { digest } of [before, latest])
      expect((await remove(`/v2/team-a/app/manifests/${digest}`, own)).status).toBe(202);
    expect((await remove(`/v2/team-a/app/manifests/${now.digest}`, own)).status).toBe(403);
    expect((await remove(`/v2/team-a/app/manifests/${latest.digest}`, own)).status).toBe(404);
    expect((await remove(`/v2/team-a/never-pushed/manifests/${latest.digest}`, own)).status).toBe(404);
  });

  it("is refused by digest where the proxy cannot see the storage, and works by tag", async () => {
    await using own = await startProxy({ immutableTags, storageRoot: undefined });
    const { digest } = await push("team-a/app", "latest", "one", jenkins, own);
    expect(denial(await remove(`/v2/team-a/app/manifests/${digest}`, own))).toEqual([
      403,
      "DENIED",
      "team-a/app has immutable tags that may need this manifest; delete tags instead",
    ]);
    expect((await remove("/v2/team-a/app/manifests/latest", own)).status).toBe(202);
    await push("team-a/app", "v1", "one", jenkins, own);
    expect((await push("team-a/app", "v1", "two", jenkins, own)).answer.status).toBe(403);
  });
});

it("answers 5xx and writes nothing while the registry is away", async () => {
  await using own = await startProxy({ immutableTags });
  const { manifest, digest } = await push("team-a/app", "v1", "one", jenkins, own);
  await own.registry[Symbol.asyncDispose]();
  // Each waits for the registry for 15 seconds.
  const answers = await Promise.all([
    putManifest("team-a/app", "v1", manifest, undefined, own),
    remove(`/v2/team-a/app/manifests/sha256:${"0".repeat(64)}`, own),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBeGreaterThanOrEqual(502);
    expect(JSON.parse(answer.text).errors[0].code).toBe("UNAVAILABLE");
  }
  expect((await remove(`/v2/team-a/app/manifests/${digest}`, own)).status).toBe(403);
});

it("answers a manifest of more than 4 MiB with 413", async () => {
  const answer = await putManifest("team-a/large", "v1", " ".repeat(4 * 1024 * 1024 + 1));
  expect(answer.status).toBe(413);
});

function push(repository: string, tag: string, content: string, as: Question = jenkins, to = proxy) {
  return pushImage(to, repository, tag, Buffer.from(content), as);
}

function putManifest(repository: string, reference: string, body: string, type = manifestType, to = proxy) {
  return ask(to, `PUT /v2/${repository}/manifests/${reference}`, {
    ...jenkins,
    headers: { "content-type": type },
    body,
  });
}

function remove(path: string, to = proxy) {
  return ask(to, `DELETE ${path}`, jenkins);
}

async function digestAt(repository: string, tag: string) {
  const headers = { accept: `${manifestType}, ${indexType}` };
  return (await ask(proxy, `HEAD /v2/${repository}/manifests/${tag}`, { headers })).headers["docker-content-digest"];
}

function indexOf(digest: string, size: number, annotations = {}) {
  const platform = { architecture: "amd64", os: "linux" };
  const manifests = [{ mediaType: manifestType, digest, size, platform }];
  return JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests, annotations });
}

/** Status, code and message of a denial. */
function denial({ status, text }: Answer): unknown[] {
  const { code, message } = JSON.parse(text).errors[0];
  return [status, code, message];
}

/** Begins a push of a manifest whose body does not come. */
async function slowPut(path: string): Promise<http.ClientRequest> {
  const headers = { authorization: `Bearer ${token("jenkins")}`, "content-type": manifestType, "content-length": 1000 };
  const request = http.request(`${proxy.url}${path}`, { method: "PUT", headers });
  request.on("error", () => undefined);
  request.write("{");
  await setTimeout(500);
  return request;
}
