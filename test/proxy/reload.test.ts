import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import https from "node:https";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { exists } from "../../lab/exists.ts";
import { ask } from "../../lab/proxy/ask.ts";
import { token } from "../../lab/proxy/credentials.ts";
import { holdingReload, startHoldingReload } from "../../lab/proxy/holding-reload.ts";
import { type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";

const clients = 24;
const reloads = 6;

/** What at least is left of the hold, in seconds, when one of these tests asks whether somebody waits. */
const leftOfHold = 4;

it("a reload fails no upload of clients that keep their connections", { timeout: 120_000 }, async () => {
  await using proxy = await startProxy({ collected: true, tls: { kind: "files" } });
  const load = uploading(proxy);
  for (let times = 0; times < reloads; times++) {
    await setTimeout(300);
    expect(await holdingReload(proxy)).toBe(0);
  }
  const { answered, failures } = await load.end();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(clients * reloads);
});

it("a reload that fails leaves the old configuration serving, and nobody waits afterwards", {
  timeout: 60_000,
}, async () => {
  await using proxy = await startProxy();
  await writeFile(join(proxy.directory, "caddy/Caddyfile"), "nonsense {\n");
  expect(await holdingReload(proxy)).not.toBe(0);
  expect(await secondsOfUpload(proxy)).toBeLessThan(leftOfHold);
});

describe("a reload that is killed while requests wait", { timeout: 60_000 }, () => {
  it("has them wait until the hold ends by itself", async () => {
    await using proxy = await startProxy();
    const reload = await startHoldingReload(proxy);
    await heldRequests(proxy);
    reload.kill("SIGKILL");
    const seconds = await secondsOfUpload(proxy);
    process.kill(-Number(reload.pid), "SIGKILL");
    expect(seconds).toBeGreaterThan(leftOfHold);
    expect(seconds).toBeLessThan(15);
    expect(await secondsOfUpload(proxy)).toBeLessThan(leftOfHold);
  });

  it("has nobody wait where all of it is killed", async () => {
    await using proxy = await startProxy();
    const reload = await startHoldingReload(proxy);
    await heldRequests(proxy);
    process.kill(-Number(reload.pid), "SIGKILL");
    expect(await secondsOfUpload(proxy)).toBeLessThan(leftOfHold);
  });
});

it("answers /healthz while requests wait", async () => {
  await using proxy = await startProxy();
  const reload = await startHoldingReload(proxy);
  await heldRequests(proxy);
  const ended = once(reload, "exit");
  const upload = secondsOfUpload(proxy);
  expect((await ask(proxy, "GET /healthz")).status).toBe(200);
  expect(reload.exitCode).toBe(null);
  expect(await upload).toBeGreaterThan(0.9);
  expect((await ended)[0]).toBe(0);
});

async function heldRequests({ directory }: StartedProxy): Promise<void> {
  const file = () => join(directory, "run/hold", String(Math.floor(Date.now() / 1000)));
  await vi.waitUntil(() => exists(file()), { timeout: 10_000, interval: 10 });
}

async function secondsOfUpload(proxy: StartedProxy): Promise<number> {
  const before = Date.now();
  const { status } = await ask(proxy, "POST /v2/team-a/app/blobs/uploads/", { bearer: "team-a" });
  expect(status).toBe(202);
  return (Date.now() - before) / 1000;
}

/** Starts an upload right after the answer to the one before, in every client, each on a connection that it keeps. */
function uploading({ url }: StartedProxy) {
  const load = { ended: false, answered: 0, failures: [] as string[] };
  const client = async (_: unknown, number: number) => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    while (!load.ended)
      await upload(`${url}/v2/team-a/client-${number}/blobs/uploads/`, agent).then(
        () => load.answered++,
        (error: Error) => load.failures.push(error.message),
      );
    agent.destroy();
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  const end = async () => {
    load.ended = true;
    await all;
    return load;
  };
  return { end };
}

function upload(url: string, agent: https.Agent): Promise<void> {
  const authorization = `Bearer ${token("team-a")}`;
  const options = { method: "POST", agent, rejectUnauthorized: false, headers: { authorization, "content-length": 0 } };
  return new Promise((resolve, reject) => {
    const request = https.request(url, options, (response) => {
      response.on("error", reject).on("end", () => {
        if (response.statusCode === 202) resolve();
        else reject(new Error(`status ${response.statusCode}`));
      });
      response.resume();
    });
    request.on("error", reject).end();
  });
}
