import { expect, it } from "vitest";
import { floodOf } from "../../../lab/proxy/flood.ts";
import { fronts } from "../support/fronts.ts";
import { type Attack, survives } from "../support/survives.ts";

const host = "Host: localhost\r\n";
const upload = "/v2/team-a/app/blobs/uploads/";

/** Malformed requests, which no well-behaved client sends. */
const requests: Record<string, string> = {
  "no request at all": "\r\n\r\n\r\n\r\n",
  "bytes of every kind": Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join(""),
  "no version": `GET /v2/\r\n${host}\r\n`,
  "a version that nobody speaks": `GET /v2/ HTTP/7.7\r\n${host}\r\n`,
  "no host": "GET /v2/ HTTP/1.1\r\n\r\n",
  "two hosts": `GET /v2/ HTTP/1.1\r\n${host}Host: other\r\n\r\n`,
  "a host of nonsense": "GET /v2/ HTTP/1.1\r\nHost: a b/c\r\n\r\n",
  "a header without a colon": `GET /v2/ HTTP/1.1\r\n${host}nothing\r\n\r\n`,
  "a header with a zero byte": `GET /v2/ HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
  "a folded header": `GET /v2/ HTTP/1.1\r\n${host}Authorization: Basic\r\n  Og==\r\n\r\n`,
  "a length below zero": `POST ${upload} HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
  "a length beyond all numbers": `POST ${upload} HTTP/1.1\r\n${host}Content-Length: ${"9".repeat(40)}\r\n\r\n`,
  "two lengths": `POST ${upload} HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
  "a length and chunks": `POST ${upload} HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "a chunk of no number": `POST ${upload} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  "a chunk beyond all numbers": `POST ${upload} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${"f".repeat(30)}\r\n`,
  "an encoding that nobody knows": `POST ${upload} HTTP/1.1\r\n${host}Transfer-Encoding: chunked, gzip\r\n\r\n`,
  "an address of another server": `GET http://example.org/v2/ HTTP/1.1\r\n${host}\r\n`,
  "a tunnel": `CONNECT example.org:443 HTTP/1.1\r\n${host}\r\n`,
  "a star": `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
  "a path of escapes": `GET /v2/%2e%2e/%2e%2e/etc/passwd%00 HTTP/1.1\r\n${host}\r\n`,
  "an upgrade": `GET /v2/ HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
  "an expectation that nobody can meet": `GET /v2/ HTTP/1.1\r\n${host}Expect: miracles\r\n\r\n`,
  "a range without end": `GET /v2/team-a/app/manifests/v1 HTTP/1.1\r\n${host}Range: bytes=${"0-,".repeat(1000)}\r\n\r\n`,
};

const attacks = Object.entries(requests).map<Attack>(([name, text]) => ({
  name,
  async begin(url) {
    const flood = await floodOf(url, { connections: 30 });
    await flood.write(Buffer.from(text, "latin1"));
    return flood;
  },
}));

survives(attacks);

it.each(fronts)("$name gives a request out of the middle of another's body no answer", async ({ start }) => {
  await using front = await start();
  const hidden = `GET /hidden HTTP/1.1\r\n${host}\r\n`;
  const smuggled = [
    `GET /v2/ HTTP/1.1\r\n${host}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    `POST /token HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n${hidden}`,
  ];
  for (const text of smuggled) {
    await using flood = await floodOf(front.urls[0], { connections: 1 });
    await flood.write(text);
    await expect.poll(() => flood.answers()[0], { timeout: 30_000 }).not.toBe("");
  }
  expect(await front.log()).not.toContain("/hidden");
});
