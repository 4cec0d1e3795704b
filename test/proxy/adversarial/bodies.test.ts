import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { ask } from "../../../lab/proxy/ask.ts";
import { digestOf, pushBlob } from "../../../lab/proxy/content.ts";
import { floodOf } from "../../../lab/proxy/flood.ts";
import { startProxy } from "../../../lab/proxy/start-proxy.ts";
import { withWorld } from "../../with-world.ts";
import { type Attack, survives } from "../support/survives.ts";

const host = "Host: localhost\r\n";
const megabyte = "x".repeat(1_000_000);

/**
 * One endpoint for each way in which the proxy answers a body: GET has none, outside and inside of a repository;
 * /token and /ui/ take no POST; and PUT and POST in a repository need an account.
 */
const endpoints = [
  "GET /v2/",
  "GET /v2/team-a/app/manifests/v1",
  "POST /token",
  "POST /ui/",
  "PUT /v2/team-a/app/manifests/v1",
  "POST /v2/team-a/app/blobs/uploads/",
];

const attacks = endpoints.flatMap<Attack>((line) => [
  { name: `bodies of a megabyte: ${line}`, begin: (url) => sent(url, line, 50, "Content-Length: 1000000", megabyte) },
  {
    name: `bodies in chunks: ${line}`,
    begin: (url) => sent(url, line, 50, "Transfer-Encoding: chunked", `f4240\r\n${megabyte}`),
  },
  { name: `bodies that do not come: ${line}`, begin: (url) => sent(url, line, 100, "Content-Length: 100", "x") },
]);

survives(attacks);

async function sent(url: string, line: string, connections: number, header: string, body: string) {
  const flood = await floodOf(url, { connections });
  await flood.write(`${line} HTTP/1.1\r\n${host}${header}\r\n\r\n`);
  await flood.write(body);
  return flood;
}

describe("a client that takes its time", { timeout: 180_000 }, () => {
  /** Longer than the proxy waits for a client without a password, in seconds. */
  const slowSeconds = 25;
  const proxy = withWorld(() => startProxy());

  it.concurrent.each([
    ["headers", "GET /v2/ HTTP/1.1\r\nHost: local"],
    ["a body with a length at /token", `POST /token HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\nx`],
    ["a body in chunks at /token", `POST /token HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n9\r\nx`],
    ["a body of a GET", `GET /v2/_catalog HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\nx`],
    ["a body of a GET, in chunks", `GET /v2/_catalog HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n9\r\n`],
    ["a body of a push without a password", `PUT /v2/a/manifests/v1 HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\nx`],
  ])("is cut off where it sends no password and does not finish %s", async (_what, text) => {
    await using flood = await floodOf(proxy().url, { connections: 20 });
    await flood.write(text);
    await vi.waitUntil(() => flood.open() === 0, { timeout: 90_000, interval: 500 });
  });

  it.concurrent("finishes a push that it may do", async () => {
    const content = randomBytes(slowSeconds * 10);
    const start = await ask(proxy(), "POST /v2/team-a/slow/blobs/uploads/", { bearer: "jenkins" });
    const socket = connect(Number(new URL(proxy().url).port), "localhost");
    const answer: Buffer[] = [];
    socket.on("data", (chunk) => answer.push(chunk));
    const location = new URL(String(start.headers.location), proxy().url);
    location.searchParams.set("digest", digestOf(content));
    socket.write(
      `PUT ${location.pathname}${location.search} HTTP/1.1\r\n${host}Authorization: Bearer jenkins-token\r\n`,
    );
    socket.write(`Content-Length: ${content.length}\r\n\r\n`);
    for (let second = 0; second < slowSeconds; second++) {
      socket.write(content.subarray(second * 10, (second + 1) * 10));
      await sleep(1000);
    }
    await vi.waitUntil(() => answer.length > 0, { timeout: 30_000 });
    expect(Buffer.concat(answer).toString()).toMatch(/^HTTP\/1\.1 201 /);
    socket.destroy();
  });

  it.concurrent("finishes a pull", async () => {
    const content = randomBytes(30e6);
    await pushBlob(proxy(), "team-a/large", content, { bearer: "jenkins" });
    const socket = connect(Number(new URL(proxy().url).port), "localhost");
    let received = 0;
    socket.on("data", (chunk) => {
      received += chunk.length;
    });
    socket.write(`GET /v2/team-a/large/blobs/${digestOf(content)} HTTP/1.1\r\n${host}\r\n`);
    for (let second = 0; second < slowSeconds; second++) {
      socket.pause();
      await sleep(1000);
      socket.resume();
      await sleep(1);
    }
    await vi.waitUntil(() => received > content.length, { timeout: 60_000 });
    socket.destroy();
  });
});
