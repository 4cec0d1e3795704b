import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import https from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { exists } from "../../lab/exists.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { caddy } from "../../lab/images/registry-images.ts";
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

it("reloads at once, and says why nobody waits, where a second Caddy does not start", async () => {
  await using proxy = await startProxy();
  const programs = join(proxy.directory, "programs");
  await mkdir(programs);
  const real = await goBinary(caddy);
  await writeFile(join(programs, "caddy"), `#!/bin/sh\n[ "$1" != run ] || exit 1\nexec ${real} "$@"\n`, {
    mode: 0o755,
  });
  const reload = await startHoldingReload(proxy, programs);
  let said = "";
  reload.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  expect((await once(reload, "close"))[0]).toBe(0);
  expect(said).toContain("requests do not wait for this reload: the second Caddy did not start");
});

it.each(["/v2/_catalog", "/"])("reads no long body of GET %s while requests wait", async (path) => {
  await using proxy = await startProxy();
  const reload = await startHoldingReload(proxy);
  const ended = once(reload, "exit");
  await heldRequests(proxy);
  const { status, megabytes } = await longBody(proxy, path);
  expect(status).toBe("413");
  expect(megabytes).toBeLessThan(20);
  await ended;
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

/** Sends a GET with up to 100 MB, and tells the answer's status and how many megabytes the proxy or the system have taken. */
async function longBody({ url }: StartedProxy, path: string): Promise<{ status: string; megabytes: number }> {
  const socket = connect(Number(new URL(url).port), "localhost");
  let answer = "";
  socket
    .on("error", () => {})
    .on("data", (chunk) => {
      answer += chunk;
    });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const megabyte = `f4240\r\n${"x".repeat(1_000_000)}\r\n`;
  let megabytes = 0;
  while (megabytes < 100 && !socket.destroyed && answer === "") {
    if (!socket.write(megabyte))
      await new Promise<void>((resolve) => {
        for (const event of ["drain", "close", "data"]) socket.once(event, () => resolve());
      });
    megabytes++;
  }
  await vi.waitUntil(() => answer !== "" || socket.destroyed, { timeout: 30_000 });
  socket.destroy();
  return { status: answer.split(" ")[1] ?? "", megabytes };
}

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
