import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

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
  const world = withWorld(async ({ use }) => {
    const proxy = use(await startProxy({ accounts, requiresAuthForPull: true }));
    const push = (repository: string, text: string) =>
      pushImage(proxy, repository, "v1", Buffer.from(text), { basic: "jenkins" });
    const { layer: secret } = await push("secret/app", "secret layer");
    const { layer: shared } = await push("shared/app", "shared layer");
    await push("team-a/lib", "own layer");
    return { proxy, secret, shared };
  });
  /** Asks for a mount into a repository of its own. */
  const mount = async (query: string, question: Question = {}) => {
    const repository = `team-a/${randomUUID()}`;
    const line = `POST /v2/${repository}/blobs/uploads/?${query}`;
    return { repository, answer: await ask(world().proxy, line, { bearer: "team-a", ...question }) };
  };

  it("links a blob of a repository the account may read", async () => {
    const { answer } = await mount(`mount=${world().shared}&from=shared/app`);
    expect(answer.status).toBe(201);
    expect(answer.headers["docker-content-digest"]).toBe(world().shared);
  });

  it("links a blob whose query is escaped", async () => {
    const { answer } = await mount(`mount=${encodeURIComponent(world().shared)}&from=shared%2Fapp`);
    expect(answer.status).toBe(201);
  });

  it.each<[string, () => string, () => Question]>([
    ["names a repository it may not read", () => `mount=${world().secret}&from=secret/app`, () => ({})],
    ["names it escaped", () => `mount=${world().secret}&from=secret%2Fapp`, () => ({})],
    ["names it first of two", () => `mount=${world().secret}&from=secret/app&from=shared/app`, () => ({})],
    ["names it last of two", () => `mount=${world().secret}&from=shared/app&from=secret/app`, () => ({})],
    [
      "names two that read as one of its globs",
      () => `mount=${world().secret}&from=secret/app&from=team-a/base`,
      () => ({}),
    ],
    ["names it beside a semicolon", () => `mount=${world().secret}&from=shared/app;from=secret/app`, () => ({})],
    ["names it in capitals", () => `mount=${world().secret}&FROM=secret/app`, () => ({})],
    ["names it with a key escaped", () => `mount=${world().secret}&%66rom=secret/app`, () => ({})],
    [
      "names it in a form",
      () => `mount=${world().secret}&from=shared/app`,
      () => ({ headers: form, body: `mount=${world().secret}&from=secret/app` }),
    ],
    ["names it in a form alone", () => "", () => ({ headers: form, body: `mount=${world().secret}&from=secret/app` })],
    [
      "names it in a multipart form",
      () => `mount=${world().secret}&from=shared/app`,
      () => multipart({ mount: world().secret, from: "secret/app" }),
    ],
    ["bends it", () => `mount=${world().secret}&from=shared/../secret/app`, () => ({})],
    ["asks for placeholders", () => `mount=${world().secret}&from={env.HOME}`, () => ({})],
    ["names no repository", () => `mount=${world().secret}`, () => ({})],
  ])("that %s starts an upload instead, as if the blob were not there", async (_how, query, question) => {
    const { answer, repository } = await mount(query(), question());
    expect(answer.status).toBe(202);
    const read = await ask(world().proxy, `GET /v2/${repository}/blobs/${world().secret}`, { bearer: "team-a" });
    expect(read.status).toBe(404);
  });

  it("into a repository outside the globs is refused", async () => {
    const answer = await ask(
      world().proxy,
      `POST /v2/secret/app/blobs/uploads/?mount=${world().shared}&from=shared/app`,
      {
        bearer: "team-a",
      },
    );
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
