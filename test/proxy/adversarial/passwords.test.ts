import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { hashSync } from "bcryptjs";
import { describe, expect, it } from "vitest";
import { ask } from "../../../lab/proxy/ask.ts";
import { floodOf } from "../../../lab/proxy/flood.ts";
import { account, type StartedProxy, startProxy } from "../../../lab/proxy/start-proxy.ts";
import { unknownAccount } from "../../../render/proxy/caddy-names.ts";
import { withWorld } from "../../with-world.ts";
import { manyHeaders } from "../support/many-headers.ts";
import { type Attack, survives } from "../support/survives.ts";

const paths = ["/token", "/v2/", "/v2/_catalog", "/v2/team-a/app/blobs/uploads/"];

const attacks: Attack[] = [
  { name: "passwords of 700 kB", begin: (url) => guessing(url, 150, () => `mallory:${"x".repeat(700_000)}`) },
  { name: "passwords of 3 kB", begin: (url) => guessing(url, 200, (guess) => `jenkins:${guess}${"x".repeat(3000)}`) },
  { name: "wrong passwords of an account", begin: (url) => guessing(url, 200, (guess) => `jenkins:${guess}`) },
  { name: "unknown accounts", begin: (url) => guessing(url, 200, (guess) => `mallory-${guess}:secret`) },
  {
    name: "wrong passwords with many headers",
    begin: (url) => guessing(url, 200, (guess) => `x:${guess}`, manyHeaders),
  },
];

survives(attacks);

/** Sends one request with a password on each connection, to each path for which the proxy checks passwords in turn. */
async function guessing(url: string, connections: number, credentials: (guess: number) => string, headers = "") {
  const flood = await floodOf(url, { connections });
  const requests = flood.sockets.map((socket, guess) => {
    const method = guess % paths.length === 3 ? "POST" : "GET";
    const authorization = `Authorization: Basic ${btoa(credentials(guess))}\r\n`;
    const text = `${method} ${paths[guess % paths.length]} HTTP/1.1\r\nHost: localhost\r\n${authorization}${headers}\r\n`;
    return new Promise<void>((resolve) => socket.write(text, () => resolve()));
  });
  await Promise.all(requests);
  return flood;
}

const basic = (name: string, password: string) => ({
  headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
});

describe("the check of passwords", () => {
  const longestName = "n".repeat(63);
  const proxy = withWorld(() => {
    const accounts = [account("jenkins", { push: ["**"] }), account(longestName, { push: ["**"] })];
    return startProxy({ accounts }, { bcryptCost: 10 });
  });

  it("takes the longest name, whose password has 72 characters", async () => {
    expect(`${longestName}-password`).toHaveLength(72);
    expect((await ask(proxy(), "GET /token", { basic: longestName })).status).toBe(200);
  });

  it("checks two passwords at a time, and has all others wait", { timeout: 180_000 }, async () => {
    const requests = Array.from({ length: 300 }, (_, guess) =>
      ask(proxy(), "GET /token", basic("jenkins", `${guess}`)),
    );
    const statuses = Promise.all(requests.map((request) => request.then(({ status }) => status)));
    const seen = new Set<number>();
    let ended = false;
    void statuses.finally(() => {
      ended = true;
    });
    while (!ended) {
      seen.add(await connectionsTo(`${proxy().directory}/run/passwords.sock`));
      await sleep(10);
    }
    expect(Math.max(...seen)).toBe(2);
    expect(new Set(await statuses)).toEqual(new Set([401]));
    expect((await ask(proxy(), "GET /token", { basic: "jenkins" })).status).toBe(200);
  });

  it("carries out a request whose check takes longer than a body without a password may take", {
    timeout: 300_000,
  }, async () => {
    // Each check takes four times as long as in production, so that 150 of them take more than 15 s.
    await using slow = await startProxy({ accounts: [account("jenkins", { push: ["**"] })] }, { bcryptCost: 12 });
    const guesses = Array.from({ length: 150 }, (_, guess) => ask(slow, "GET /token", basic("jenkins", `${guess}`)));
    await sleep(500);
    const answer = await ask(slow, "POST /v2/team-a/app/blobs/uploads/", { basic: "jenkins" });
    // The status must be 202: Caddy answers 200 to a request whose deadline has passed, without doing anything.
    expect(answer.status).toBe(202);
    await Promise.all(guesses);
  });

  it.each(["one password", "two passwords"])(
    "works as long for a name that nobody has: %s in force",
    async (inForce) => {
      const proof = (word: string) => ({ passwordHash: hashSync(word, 10), token: word });
      const previous = inForce === "two passwords" ? proof("old") : undefined;
      await proxy().reload({}, [{ name: "jenkins", ...proof("new"), previous }]);
      const cpuSeconds = async (name: string) => {
        const before = await cpuTime(proxy());
        for (let guess = 0; guess < 8; guess++)
          expect((await ask(proxy(), "GET /token", basic(name, `${name}${guess}`))).status).toBe(401);
        return (await cpuTime(proxy())) - before;
      };
      const ratio = (await cpuSeconds("mallory")) / (await cpuSeconds("jenkins"));
      // For an unknown name, Caddy's own password check would take sixteen times as long.
      expect(ratio).toBeGreaterThan(1 / 4);
      expect(ratio).toBeLessThan(4);
      await proxy().reload({});
    },
  );

  it.each([
    ["two headers, the first of nobody", [basicHeader("mallory"), basicHeader("jenkins")]],
    ["two headers, the first of an account", [basicHeader("jenkins"), basicHeader("mallory")]],
    ["another case", [basicHeader("mallory").replace("Basic", "bAsIc")]],
    ["a name that begins as an account's", [basicHeader("jenkin"), basicHeader("jenkinss")]],
    ["the name that unknown names become", [basicHeader(unknownAccount)]],
    ["no name", [basicHeader("")]],
    ["no colon", [`Basic ${btoa("jenkins")}`]],
    ["no padding", [basicHeader("mallory").replaceAll("=", "")]],
    ["what is not base64", ["Basic jenkins:wrong"]],
  ])("refuses %s, and never hashes with Caddy's own cost", async (_what, values) => {
    const before = await cpuTime(proxy());
    const answer = await ask(proxy(), "GET /token", { headers: { authorization: values as unknown as string } });
    expect(answer.status).toBe(401);
    // A bcrypt hash of cost 14 takes more than a second, so this limit proves that none was computed.
    expect((await cpuTime(proxy())) - before).toBeLessThan(0.6);
  });
});

function basicHeader(name: string): string {
  return `Basic ${btoa(`${name}:wrong ${Math.random()}`)}`;
}

/** The number of connections to a Unix socket that its server has accepted, according to the kernel. */
async function connectionsTo(path: string): Promise<number> {
  const connected = "03";
  const lines = (await readFile("/proc/net/unix", "utf8")).split("\n").map((line) => line.split(/\s+/));
  return lines.filter(([, , , , , state, , file]) => state === connected && file === path).length;
}

/** The processor time that the proxy's process has used, in seconds. */
async function cpuTime({ server }: StartedProxy): Promise<number> {
  const fields = (await readFile(`/proc/${server.child.pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  const ticksPerSecond = 100;
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
