import { TLSSocket } from "node:tls";
import { expect, it } from "vitest";
import { floodOf } from "../../../lab/proxy/flood.ts";
import { fronts } from "../support/fronts.ts";
import { type Attack, survives } from "../support/survives.ts";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const settings = frame(4, Buffer.alloc(0));

/** A large HTTP/2 frame of an unknown type. Go's server reads the whole frame before it looks at the type. */
const unknown = frame(0xfe, Buffer.alloc(1 << 20));

const attacks: Attack[] = [
  { name: "HTTP/2 frames of a mebibyte", begin: (url) => spoken(url, preface, settings, unknown) },
  { name: "HTTP/2 that begins and stops", begin: (url) => spoken(url, preface, settings) },
  {
    name: "headers of HTTP/2 that go on and on",
    begin: (url) => spoken(url, preface, settings, ...Array(40).fill(frame(9, Buffer.alloc(16_384, 0x40)))),
  },
];

survives(attacks);

it.each(fronts)("$name speaks no HTTP/2", async ({ start }) => {
  await using front = await start();
  for (const url of front.urls) {
    await using flood = await floodOf(url, { connections: 1, alpn: ["h2", "http/1.1"] });
    const [socket] = flood.sockets;
    if (socket instanceof TLSSocket) expect(socket.alpnProtocol).toBe("http/1.1");
    await flood.write(Buffer.concat([Buffer.from(preface), settings]));
    await expect.poll(() => flood.open(), { timeout: 30_000 }).toBe(0);
    // Each conversation by HTTP/2 begins with the server's settings, a frame whose fourth byte is 4.
    expect(flood.answers()[0]?.charCodeAt(3)).not.toBe(4);
  }
});

async function spoken(url: string, ...parts: (string | Buffer)[]) {
  const flood = await floodOf(url, { connections: 300, alpn: ["h2"] });
  for (const part of parts) await flood.write(part);
  return flood;
}

function frame(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  return Buffer.concat([head, payload]);
}
