import { setTimeout } from "node:timers/promises";
import { hashSync } from "bcryptjs";
import { describe, expect, it } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

const accounts = [account("jenkins", { push: ["**"], delete: ["**"] }), account("team-a", { push: ["team-a/**"] })];

const proof = (password: string) => ({ passwordHash: hashSync(password, 4), token: `token-of-${password}` });
const teamA = { name: "team-a", ...proof("team-a-password") };
const before = [{ name: "jenkins", ...proof("old") }, teamA];
const overlap = [{ name: "jenkins", ...proof("new"), previous: proof("old") }, teamA];
const after = [{ name: "jenkins", ...proof("new") }, teamA];

const basic = (name: string, password: string): Question => ({
  headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
});
const bearer = (password: string): Question => ({ headers: { authorization: `Bearer token-of-${password}` } });
const tokenFor = async (proxy: StartedProxy, question: Question) => {
  const { status, text } = await ask(proxy, "GET /token", question);
  return status === 200 ? JSON.parse(text).token : status;
};
const upload = "POST /v2/team-a/new/blobs/uploads/";

describe.each([false, true])("while two passwords are in force, requiresAuthForPull %s", (requiresAuthForPull) => {
  const proxy = withWorld(async ({ use }) => {
    const proxy = use(await startProxy({ accounts, requiresAuthForPull }));
    await proxy.reload({}, before);
    await proxy.reload({}, overlap);
    return proxy;
  });

  it.each<[string, Question, number]>([
    ["the new password", basic("jenkins", "new"), 202],
    ["the old password", basic("jenkins", "old"), 202],
    ["the new token", bearer("new"), 202],
    ["the old token", bearer("old"), 202],
    ["the only password of another account", basic("team-a", "team-a-password"), 202],
    ["the only token of another account", bearer("team-a-password"), 202],
    ["a wrong password", basic("jenkins", "wrong"), 401],
    ["another account's password", basic("team-a", "old"), 401],
    ["an unknown account", basic("mallory", "old"), 401],
    ["no name", basic("", "old"), 401],
    ["no password", basic("jenkins", ""), 401],
    ["no Basic text at all", { headers: { authorization: "Basic =" } }, 401],
    ["an unknown token", bearer("wrong"), 401],
    ["nothing", {}, 401],
  ])("%s pushes › %s %i", async (_what, question, status) => {
    expect((await ask(proxy(), upload, question)).status).toBe(status);
  });

  it("accepts hashes as Apache's htpasswd writes them", async () => {
    const hash = hashSync("of the file", 5).replace("$2b$", "$2y$");
    const listed = { name: "jenkins", ...proof("new"), previous: { ...proof("listed"), passwordHash: hash } };
    await proxy().reload({}, [listed, teamA]);
    const statuses = [];
    for (const password of ["of the file", "new", "old"])
      statuses.push((await ask(proxy(), upload, basic("jenkins", password))).status);
    expect(statuses).toEqual([202, 202, 401]);
    expect(await tokenFor(proxy(), basic("jenkins", "of the file"))).toBe("token-of-listed");
    await proxy().reload({}, overlap);
  });

  it("no header of a client's passes for an earlier password", async () => {
    const forged = { account: "jenkins", "x-account": "jenkins", host: "earlier-passwords", by_earlier: "yes" };
    for (const question of [{}, basic("mallory", "x"), bearer("wrong")])
      expect((await ask(proxy(), upload, { headers: { ...forged, ...question.headers } })).status).toBe(401);
    const known = await ask(proxy(), `${upload}?of=forged`, {
      headers: { ...forged, ...basic("team-a", "team-a-password").headers },
    });
    expect(known.status).toBe(202);
    const line = (await proxy().accessLog()).split("\n").find((each) => each.includes("of=forged")) ?? "{}";
    expect(JSON.parse(line).user_id).toBe("team-a");
  });

  it("keeps the rights of each account", async () => {
    const elsewhere = "POST /v2/team-b/new/blobs/uploads/";
    expect((await ask(proxy(), elsewhere, basic("team-a", "team-a-password"))).status).toBe(403);
    expect((await ask(proxy(), elsewhere, basic("jenkins", "old"))).status).toBe(202);
  });

  it("pushes whole images by either password, bodies and all", async () => {
    for (const password of ["old", "new"]) {
      const layer = Buffer.alloc(300_000, password);
      const { answer } = await pushImage(proxy(), "team-a/app", password, layer, basic("jenkins", password));
      expect(answer.status).toBe(201);
    }
  });

  it("hands each proof the token of its own, so that the old password becomes no token that outlives it", async () => {
    const tokens = await Promise.all(
      [basic("jenkins", "old"), basic("jenkins", "new"), bearer("old"), bearer("new")].map((each) =>
        tokenFor(proxy(), each),
      ),
    );
    expect(tokens).toEqual(["token-of-old", "token-of-new", "token-of-old", "token-of-new"]);
    expect(await tokenFor(proxy(), basic("team-a", "team-a-password"))).toBe("token-of-team-a-password");
    expect(await tokenFor(proxy(), basic("jenkins", "wrong"))).toBe(401);
  });

  it("challenges at /token as ever", async () => {
    const { headers, text } = await ask(proxy(), "GET /token", basic("jenkins", "wrong"));
    expect(headers["www-authenticate"]).toMatch(/^Basic realm="localhost:\d+"$/);
    expect(JSON.parse(text).errors[0].code).toBe("UNAUTHORIZED");
  });
});

it("the old password and its token end with the overlap, and all else goes on", async () => {
  await using proxy = await startProxy({ accounts });
  await proxy.reload({}, overlap);
  const statuses = async () =>
    Promise.all(
      [basic("jenkins", "old"), bearer("old"), basic("jenkins", "new"), bearer("new"), bearer("team-a-password")].map(
        async (each) => (await ask(proxy, upload, each)).status,
      ),
    );
  expect(await statuses()).toEqual([202, 202, 202, 202, 202]);
  await proxy.reload({}, after);
  expect(await statuses()).toEqual([401, 401, 202, 202, 202]);
  expect(await tokenFor(proxy, basic("jenkins", "old"))).toBe(401);
});

it("no request is refused while the configuration goes from one password to two and back to one", async () => {
  await using proxy = await startProxy({ accounts });
  await proxy.reload({}, before);
  const load = pushing(proxy, "old");
  for (const [from, to] of [
    [before, overlap],
    [overlap, after],
  ] as const) {
    await proxy.reload({}, from);
    await proxy.reload({}, to);
    load.password = "new";
    // After this time, all requests with the old password have ended.
    await setTimeout(300);
  }
  const statuses = await load.end();
  expect(Object.keys(statuses)).toEqual(["202"]);
  expect(statuses[202]).toBeGreaterThan(50);
});

it("no request is refused when the last line of htpasswd goes from a stack that never rotated", async () => {
  await using proxy = await startProxy({ accounts });
  // Hashes as in production, so that requests wait for their check while the site goes that checks earlier passwords.
  const slow = { passwordHash: hashSync("new", 10), token: "token-of-new" };
  const newest = [{ name: "jenkins", ...slow }, teamA];
  const listed = [{ name: "jenkins", ...slow, previous: { ...slow, token: "token-of-listed" } }, teamA];
  await proxy.reload({}, listed);
  const load = pushing(proxy, "new");
  for (let times = 0; times < 3; times++) {
    await setTimeout(300);
    await proxy.reload({}, newest);
    await setTimeout(300);
    await proxy.reload({}, listed);
  }
  const statuses = await load.end();
  expect(Object.keys(statuses)).toEqual(["202"]);
});

/** Starts uploads one after the other in four threads, each on a connection of its own, and counts the answers. */
function pushing(proxy: StartedProxy, first: string) {
  const statuses: Record<number, number> = {};
  const load = { password: first, end };
  let ended = false;
  const thread = async () => {
    while (!ended) {
      // Linux resets connections that still wait for a socket when a reload closes it. Like real clients, the load tries again.
      const answer = await ask(proxy, upload, basic("jenkins", load.password)).catch(reset);
      if (answer) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    }
  };
  const threads = Promise.all([thread(), thread(), thread(), thread()]);
  async function end() {
    ended = true;
    await threads;
    return statuses;
  }
  return load;
}

function reset(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ECONNRESET") throw error;
}
