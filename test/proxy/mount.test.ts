import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";

const accounts = [
  account("jenkins", { push: ["**"], delete: ["**"] }),
  account("team-a", { push: ["team-a/**"], pull: ["shared/**", "**/base"] }),
];
const form = { "content-type": "application/x-www-form-urlencoded" };
const multipart = (fields: Record<string, string>) => ({
  headers: { "content-type": "multipart/form-data; boundary=b" },
  body: `${Object.entries(fields)
    .map(([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join("")}--b--\r\n`,
});

describe("a blob mount where reads are closed", () => {
  let proxy: StartedProxy;
  let secret: string;
  let shared: string;
  beforeAll(async () => {
    proxy = await startProxy({ accounts, requiresAuthForPull: true });
    const push = (repository: string, text: string) =>
      pushImage(proxy, repository, "v1", Buffer.from(text), { basic: "jenkins" });
    secret = (await push("secret/app", "secret layer")).layer;
    shared = (await push("shared/app", "shared layer")).layer;
    await push("team-a/lib", "own layer");
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  let target = 0;
  const mount = (query: string, question: Question = {}) =>
    ask(proxy, `POST /v2/team-a/app${++target}/blobs/uploads/?${query}`, { bearer: "team-a", ...question });

  it("links a blob of a repository the account may read", async () => {
    const answer = await mount(`mount=${shared}&from=shared/app`);
    expect(answer.status).toBe(201);
    expect(answer.headers["docker-content-digest"]).toBe(shared);
  });

  it("links a blob whose query is escaped", async () => {
    expect((await mount(`mount=${encodeURIComponent(shared)}&from=shared%2Fapp`)).status).toBe(201);
  });

  it.each<[string, () => string, () => Question]>([
    ["names a repository it may not read", () => `mount=${secret}&from=secret/app`, () => ({})],
    ["names it escaped", () => `mount=${secret}&from=secret%2Fapp`, () => ({})],
    ["names it first of two", () => `mount=${secret}&from=secret/app&from=shared/app`, () => ({})],
    ["names it last of two", () => `mount=${secret}&from=shared/app&from=secret/app`, () => ({})],
    ["names two that read as one of its globs", () => `mount=${secret}&from=secret/app&from=team-a/base`, () => ({})],
    ["names it beside a semicolon", () => `mount=${secret}&from=shared/app;from=secret/app`, () => ({})],
    ["names it in capitals", () => `mount=${secret}&FROM=secret/app`, () => ({})],
    ["names it with a key escaped", () => `mount=${secret}&%66rom=secret/app`, () => ({})],
    [
      "names it in a form",
      () => `mount=${secret}&from=shared/app`,
      () => ({ headers: form, body: `mount=${secret}&from=secret/app` }),
    ],
    ["names it in a form alone", () => "", () => ({ headers: form, body: `mount=${secret}&from=secret/app` })],
    [
      "names it in a multipart form",
      () => `mount=${secret}&from=shared/app`,
      () => multipart({ mount: secret, from: "secret/app" }),
    ],
    ["bends it", () => `mount=${secret}&from=shared/../secret/app`, () => ({})],
    ["asks for placeholders", () => `mount=${secret}&from={env.HOME}`, () => ({})],
    ["names no repository", () => `mount=${secret}`, () => ({})],
  ])("that %s starts an upload instead, as if the blob were not there", async (_how, query, question) => {
    const answer = await mount(query(), question());
    expect(answer.status).toBe(202);
    const read = await ask(proxy, `GET /v2/team-a/app${target}/blobs/${secret}`, { bearer: "team-a" });
    expect(read.status).toBe(404);
  });

  it("into a repository outside the globs is refused", async () => {
    const answer = await ask(proxy, `POST /v2/secret/app/blobs/uploads/?mount=${shared}&from=shared/app`, {
      bearer: "team-a",
    });
    expect(answer.status).toBe(403);
  });
});

describe("a blob mount where reads are open", () => {
  it("links a blob of any repository", async () => {
    await using proxy = await startProxy({ accounts });
    const { layer } = await pushImage(proxy, "other/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    const answer = await ask(proxy, `POST /v2/team-a/app/blobs/uploads/?mount=${layer}&from=other/app`, {
      bearer: "team-a",
    });
    expect(answer.status).toBe(201);
  });
});
