import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { digestOf, pushBlob, pushImage } from "../../lab/proxy/content.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

const content = Buffer.from("0123456789".repeat(1000));
const digest = digestOf(content);
const blob = `/v2/team-a/app/blobs/${digest}`;
const jenkins: Question = { bearer: "jenkins" };

const proxy = withWorld(async ({ use }) => {
  const proxy = use(await startProxy());
  await pushImage(proxy, "team-a/app", "v1", content, jenkins);
  await pushBlob(proxy, "other/app", Buffer.from("elsewhere"), jenkins);
  return proxy;
});

/** Whether Caddy asked the registry for the answer: then the answer has the header `Via`. */
const proxied = (answer: { headers: NodeJS.Dict<string | string[]> }) => answer.headers.via !== undefined;

describe("a blob the repository links", () => {
  const same = [
    "content-type",
    "content-length",
    "content-range",
    "docker-content-digest",
    "etag",
    "cache-control",
    "accept-ranges",
  ];

  it.each<[string, Question]>([
    ["GET", {}],
    ["HEAD", {}],
    ["GET", { headers: { range: "bytes=0-9" } }],
    ["GET", { headers: { range: "bytes=9990-" } }],
    ["GET", { headers: { range: "bytes=-5" } }],
    ["GET", { headers: { range: "bytes=20000-" } }],
    ["GET", { headers: { range: "bytes=5-15", "if-range": `"${digest}"` } }],
    ["GET", { headers: { range: "bytes=5-15", "if-range": '"other"' } }],
    ["GET", { headers: { "if-none-match": `"${digest}"` } }],
    ["GET", { headers: { "if-none-match": '"other"' } }],
    ["HEAD", { headers: { "if-none-match": `"${digest}"` } }],
    ["GET", { headers: { "accept-encoding": "gzip, zstd" } }],
  ])("is served from its file as the registry would: %s %o", async (method, question) => {
    const here = await ask(proxy(), `${method} ${blob}`, question);
    const there = await ask({ url: proxy().registryUrl }, `${method} ${blob}`, question);
    expect(proxied(here)).toBe(false);
    expect(here.status).toBe(there.status);
    expect(here.body.equals(there.body)).toBe(true);
    const headers = (answer: typeof here) => Object.fromEntries(same.map((name) => [name, answer.headers[name]]));
    expect(headers(here)).toEqual(headers(there));
    expect(here.headers["content-encoding"]).toBeUndefined();
  });

  it("is served whatever its query", async () => {
    expect(proxied(await ask(proxy(), `GET ${blob}?ns=registry.example.org`))).toBe(false);
  });

  it("is not found in a repository that does not link it", async () => {
    const answer = await ask(proxy(), `GET /v2/other/app/blobs/${digest}`);
    expect([answer.status, proxied(answer)]).toEqual([404, true]);
    expect(JSON.parse(answer.text).errors[0].code).toBe("BLOB_UNKNOWN");
    expect(answer.headers.etag).toBeUndefined();
  });

  it("is not found once deleted", async () => {
    const deleted = Buffer.from("soon deleted");
    await pushBlob(proxy(), "team-a/app", deleted, jenkins);
    const path = `/v2/team-a/app/blobs/${digestOf(deleted)}`;
    expect((await ask(proxy(), `GET ${path}`)).text).toBe("soon deleted");
    expect((await ask(proxy(), `DELETE ${path}`, jenkins)).status).toBe(202);
    expect((await ask(proxy(), `GET ${path}`)).status).toBe(404);
  });

  it("whose data is missing is the registry's to explain", async () => {
    const lost = Buffer.from("lost data");
    await pushBlob(proxy(), "team-a/app", lost, jenkins);
    const hex = digestOf(lost).slice("sha256:".length);
    await rm(join(proxy().storage, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex), { recursive: true });
    const answer = await ask(proxy(), `GET /v2/team-a/app/blobs/${digestOf(lost)}`);
    expect([answer.status, proxied(answer)]).toEqual([404, true]);
    expect(answer.headers["content-type"]).toBe("application/json");
  });
});

describe("what is no blob of sha256", () => {
  it.each([
    ["a manifest's digest", async () => (await pushImage(proxy(), "team-a/app", "v2", content, jenkins)).digest],
    ["sha512", async () => `sha512:${"0".repeat(128)}`],
    ["too short a digest", async () => `sha256:${"0".repeat(63)}`],
    ["too long a digest", async () => `${digest}0`],
    ["capitals", async () => digest.replace(/[a-f]/g, (letter) => letter.toUpperCase())],
  ])("is left to the registry: %s", async (_what, reference) => {
    const path = `/v2/team-a/app/blobs/${await reference()}`;
    const answer = await ask(proxy(), `GET ${path}`);
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.status).toBe((await ask({ url: proxy().registryUrl }, `GET ${path}`)).status);
  });

  it("is nothing else below the storage", async () => {
    const planted = join(proxy().storage, "docker/registry/v2/blobs/sha256/planted");
    await mkdir(planted, { recursive: true });
    await writeFile(join(planted, "data"), "planted content");
    for (const reference of ["planted", "sha256:planted", "sha256:../planted", `sha256:${"../".repeat(8)}etc/passwd`]) {
      const answer = await ask(proxy(), `GET /v2/team-a/app/blobs/${reference}`);
      expect([400, 404]).toContain(answer.status);
      expect(answer.text).not.toContain("planted content");
    }
  });
});

it("serves blobs from files to those who may read, where reads are closed", async () => {
  await using closed = await startProxy({
    accounts: [account("jenkins", { push: ["**"] }), account("dana", { pull: ["team-a/**"] })],
    requiresAuthForPull: true,
  });
  await pushBlob(closed, "team-a/app", content, jenkins);
  await pushBlob(closed, "team-b/app", content, jenkins);
  const status = async (path: string, question: Question) => (await ask(closed, `GET ${path}`, question)).status;
  expect(await status(blob, {})).toBe(401);
  expect(await status(blob, { bearer: "dana" })).toBe(200);
  expect(await status(blob, { basic: "dana" })).toBe(200);
  expect(await status(`/v2/team-b/app/blobs/${digest}`, { bearer: "dana" })).toBe(403);
});

it("proxies blobs where the storage is not at hand", async () => {
  await using remote = await startProxy({ storageRoot: undefined });
  await pushBlob(remote, "team-a/app", content, jenkins);
  const answer = await ask(remote, `GET ${blob}`);
  expect([answer.status, proxied(answer)]).toEqual([200, true]);
});
