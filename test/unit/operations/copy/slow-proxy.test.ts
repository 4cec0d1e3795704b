import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { type AddressInfo, createConnection, type Socket } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlowProxy, startSlowProxy } from "../../../../operations/copy/slow-proxy.ts";

const content = randomBytes(300_000);
let server: Server;
let proxy: SlowProxy;

beforeEach(async () => {
  server = createServer(async (asked, response) => {
    response.writeHead(200, { "x-asked": `${asked.method} ${asked.url} ${await text(asked)}` }).end(content);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  proxy = await startSlowProxy(100_000_000);
});
afterEach(() => {
  proxy[Symbol.dispose]();
  server.closeAllConnections();
  server.close();
});

const origin = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const { hostname, port } = { hostname: "127.0.0.1", port: () => Number(new URL(proxy.url).port) };

async function tunnel(target: string): Promise<{ head: string; socket: Socket }> {
  const asking = request({ hostname, port: port(), method: "CONNECT", path: target }).end();
  const [answer, socket] = await once(asking, "connect");
  return { head: String(answer.statusCode), socket };
}

describe("the proxy that limits the bytes", () => {
  it("tunnels every byte", async () => {
    const { head, socket } = await tunnel(origin());
    const asking = request({ createConnection: () => socket, path: "/v2/", method: "POST" }).end("a body");
    const [answer] = await once(asking, "response");
    expect([head, answer.headers["x-asked"]]).toEqual(["200", "POST /v2/ a body"]);
    expect((await buffer(answer)).equals(content)).toBe(true);
  });

  it("forwards requests for http URLs", async () => {
    const asking = request({ hostname, port: port(), path: `http://${origin()}/v2/?n=1`, method: "PUT" }).end("a body");
    const [answer] = await once(asking, "response");
    expect(answer.headers["x-asked"]).toBe("PUT /v2/?n=1 a body");
    expect((await buffer(answer)).equals(content)).toBe(true);
  });

  it("breaks off where nobody listens", async () => {
    const target = origin();
    server.close();
    await expect(tunnel(target)).rejects.toThrow("socket hang up");
  });

  it("holds back what is more than the limit", async () => {
    proxy[Symbol.dispose]();
    // The first byte of this answer would be let through after minutes.
    proxy = await startSlowProxy(1);
    const socket = createConnection({ host: hostname, port: port() });
    socket.write(`GET http://${origin()}/ HTTP/1.1\r\nHost: ${origin()}\r\nConnection: close\r\n\r\n`);
    await once(server, "request");
    proxy[Symbol.dispose]();
    expect((await buffer(socket)).length).toBeLessThan(1000);
  });
});
