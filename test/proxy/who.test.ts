import { describe, expect, it } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

const accounts = [
  account("jenkins", { push: ["**"], delete: ["**"] }),
  account("team-a", { push: ["team-a/**"] }),
  account("dana", { pull: ["team-a/**"] }),
  account("gone", { push: ["**"], pull: ["**"], delete: ["**"], expires: "2020-02-29" }),
  account("staying", { push: ["**"], expires: "2199-12-31" }),
];

const nobody: Question = {};
const empty: Question = { headers: { authorization: "Basic Og==" } };
const anonymous: Question = { headers: { authorization: "Bearer anonymous" } };
const forged: Question = { headers: { authorization: "Bearer jenkins" } };
const wrongPassword: Question = { headers: { authorization: `Basic ${btoa("jenkins:wrong")}` } };
const unknownAccount: Question = { headers: { authorization: `Basic ${btoa("mallory:mallory-password")}` } };
const tokenOfWrongCase: Question = { headers: { authorization: "Bearer JENKINS-TOKEN" } };
const twoHeaders: Question = { headers: { Authorization: ["Bearer anonymous", "Bearer jenkins-token"] } };

const manifest = "/v2/team-a/app/manifests/v1";
const upload = "/v2/team-a/new/blobs/uploads/";

describe("open reads", () => {
  const proxy = withWorld(async ({ use }) => {
    const proxy = use(await startProxy({ accounts }));
    const { answer } = await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    expect(answer.status).toBe(201);
    return proxy;
  });

  it.each<[string, string, Question, number]>([
    ["nobody reads", `GET ${manifest}`, nobody, 200],
    ["an empty Basic header reads, as skopeo sends it", `GET ${manifest}`, empty, 200],
    ["a wrong password reads: reads look at no credentials", `GET ${manifest}`, wrongPassword, 200],
    ["an unknown token reads", `GET ${manifest}`, forged, 200],
    ["nobody pings", "GET /v2/", nobody, 401],
    ["an empty Basic header pings", "GET /v2/", empty, 401],
    ["a wrong password pings", "GET /v2/", wrongPassword, 401],
    ["an unknown account pings", "GET /v2/", unknownAccount, 401],
    ["an unknown token pings", "GET /v2/", forged, 401],
    ["the anonymous token pings", "GET /v2/", anonymous, 200],
    ["a password pings", "GET /v2/", { basic: "team-a" }, 200],
    ["a token pings", "GET /v2/", { bearer: "team-a" }, 200],
    ["an account that ended pings", "GET /v2/", { basic: "gone" }, 401],
    ["nobody pushes", `POST ${upload}`, nobody, 401],
    ["an empty Basic header pushes", `POST ${upload}`, empty, 401],
    ["the anonymous token pushes", `POST ${upload}`, anonymous, 401],
    ["a wrong password pushes", `POST ${upload}`, wrongPassword, 401],
    ["an unknown token pushes", `POST ${upload}`, forged, 401],
    ["a token in capitals pushes", `POST ${upload}`, tokenOfWrongCase, 401],
    ["a second Authorization header pushes", `POST ${upload}`, twoHeaders, 401],
    ["a password pushes", `POST ${upload}`, { basic: "team-a" }, 202],
    ["a token pushes", `POST ${upload}`, { bearer: "team-a" }, 202],
    ["the password of an account without push pushes", `POST ${upload}`, { basic: "dana" }, 403],
    ["the token of an account without push pushes", `POST ${upload}`, { bearer: "dana" }, 403],
    ["an account that ended pushes by password", `POST ${upload}`, { basic: "gone" }, 401],
    ["an account that ended pushes by token", `POST ${upload}`, { bearer: "gone" }, 401],
    ["an account whose last day is to come pushes", `POST ${upload}`, { basic: "staying" }, 202],
  ])("%s › %s", async (_who, line, question, status) => {
    expect((await ask(proxy(), line, question)).status).toBe(status);
  });

  it("names the address the client used as the realm", async () => {
    const { headers } = await ask(proxy(), "GET /v2/", { headers: { host: "other.example.org:5443" } });
    expect(headers["www-authenticate"]).toBe(
      'Bearer realm="http://other.example.org:5443/token",service="other.example.org:5443"',
    );
  });

  it("hands nobody an anonymous token", async () => {
    const { status, text, headers } = await ask(proxy(), "GET /token?service=x&scope=repository:team-a/app:pull");
    expect(status).toBe(200);
    expect(headers["cache-control"]).toBe("no-store");
    expect(JSON.parse(text)).toEqual({ token: "anonymous", access_token: "anonymous", expires_in: 3600 });
  });

  it("hands a password its account's token", async () => {
    const { text } = await ask(proxy(), "GET /token?account=team-a", { basic: "team-a" });
    expect(JSON.parse(text)).toMatchObject({ token: "team-a-token", access_token: "team-a-token" });
  });

  it.each<[string, string, Question, number]>([
    ["a wrong password", "GET /token", wrongPassword, 401],
    ["an unknown account", "GET /token", unknownAccount, 401],
    ["an account that ended", "GET /token", { basic: "gone" }, 401],
    ["containerd's OAuth POST, which must fall back to GET", "POST /token", nobody, 405],
  ])("hands no token to %s", async (_who, line, question, status) => {
    const answer = await ask(proxy(), line, question);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('token"');
  });

  it("asks for a password at /token", async () => {
    const { headers } = await ask(proxy(), "GET /token", wrongPassword);
    expect(headers["www-authenticate"]).toMatch(/^Basic realm="localhost:\d+"$/);
  });

  it("tells account names of the log who it was, by password and by token", async () => {
    await ask(proxy(), `POST ${upload}?of=basic`, { basic: "team-a" });
    await ask(proxy(), `POST ${upload}?of=bearer`, { bearer: "team-a" });
    const users = (await proxy().accessLog())
      .split("\n")
      .filter((line) => /of=(basic|bearer)/.test(line))
      .map((line) => JSON.parse(line).user_id);
    expect(users).toEqual(["team-a", "team-a"]);
  });

  it("writes no credentials into the log", async () => {
    await ask(proxy(), "GET /token", { basic: "jenkins" });
    const log = await proxy().accessLog();
    expect(log).toContain("/token");
    for (const secret of ["jenkins-token", "jenkins-password", btoa("jenkins:jenkins-password"), 'anonymous"'])
      expect(log).not.toContain(secret);
  });
});

describe("closed reads", () => {
  const proxy = withWorld(async ({ use }) => {
    const proxy = use(await startProxy({ accounts, requiresAuthForPull: true }));
    await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    await pushImage(proxy, "team-b/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    return proxy;
  });

  const foreign = "/v2/team-b/app/manifests/v1";
  it.each<[string, string, Question, number]>([
    ["nobody reads", `GET ${manifest}`, nobody, 401],
    ["an empty Basic header reads", `GET ${manifest}`, empty, 401],
    ["the anonymous token reads", `GET ${manifest}`, anonymous, 401],
    ["a wrong password reads", `GET ${manifest}`, wrongPassword, 401],
    ["the anonymous token pings", "GET /v2/", anonymous, 401],
    ["push implies pull", `GET ${manifest}`, { bearer: "team-a" }, 200],
    ["push implies pull, by password", `HEAD ${manifest}`, { basic: "team-a" }, 200],
    ["pull reads", `GET ${manifest}`, { bearer: "dana" }, 200],
    ["push elsewhere reads", `GET ${foreign}`, { bearer: "team-a" }, 403],
    ["pull elsewhere reads", `GET ${foreign}`, { bearer: "dana" }, 403],
    ["pull elsewhere lists tags", "GET /v2/team-b/app/tags/list", { bearer: "dana" }, 403],
    [
      "pull elsewhere asks for referrers",
      `GET /v2/team-b/app/referrers/sha256:${"0".repeat(64)}`,
      { bearer: "dana" },
      403,
    ],
    ["pull lists tags", "GET /v2/team-a/app/tags/list", { bearer: "dana" }, 200],
    ["an account that ended reads", `GET ${manifest}`, { bearer: "gone" }, 401],
    ["nobody gets a token", "GET /token", nobody, 401],
    ["an empty Basic header gets a token", "GET /token", empty, 401],
    ["a password gets a token", "GET /token", { basic: "dana" }, 200],
  ])("%s › %s", async (_who, line, question, status) => {
    expect((await ask(proxy(), line, question)).status).toBe(status);
  });
});

describe("delete is a right of its own", () => {
  const unknown = `/v2/team-a/app/manifests/sha256:${"0".repeat(64)}`;
  const keeper = account("keeper", { delete: ["team-a/**"] });
  const proxy = withWorld(() => startProxy({ accounts: [...accounts, keeper], requiresAuthForPull: true }));

  it.each<[string, string, number]>([
    ["team-a", `DELETE ${unknown}`, 403],
    ["team-a", `DELETE ${unknown.replace("manifests", "blobs")}`, 403],
    ["keeper", `DELETE ${unknown}`, 404],
    ["keeper", `DELETE ${unknown.replace("manifests", "blobs")}`, 404],
    ["keeper", `DELETE ${unknown.replace("team-a", "team-b")}`, 403],
    ["keeper", `GET ${manifest}`, 403],
    ["keeper", `POST ${upload}`, 403],
    ["keeper", "DELETE /v2/team-a/app/blobs/uploads/some-upload", 403],
    ["jenkins", `DELETE ${unknown}`, 404],
  ])("%s › %s → %i", async (name, line, status) => {
    expect((await ask(proxy(), line, { bearer: name })).status).toBe(status);
  });
});
