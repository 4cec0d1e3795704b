import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { type Duplex, pipeline, Transform } from "node:stream";
import { RateLimit } from "./rate-limit.ts";

/** A started proxy. Disposing it breaks off what it forwards. */
export type SlowProxy = Disposable & { url: string };

/**
 * Starts an HTTP proxy on 127.0.0.1 that lets clients receive so many bytes each second, all together. It tunnels TLS,
 * and sees nothing of it.
 */
export async function startSlowProxy(bytesPerSecond: number): Promise<SlowProxy> {
  const limit = new RateLimit(bytesPerSecond);
  const tunnels = new Set<Duplex>();
  const server = createServer((asked, response) => forward(asked, response, limit));
  server.on("connect", (asked, client, head) => {
    tunnels.add(client.once("close", () => tunnels.delete(client)));
    tunnel(asked.url ?? "", client, head, limit);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => {
      server.close().closeAllConnections();
      for (const client of tunnels) client.destroy();
    },
  };
}

/** Answers `CONNECT HOST:PORT`, which clients send for https. */
function tunnel(address: string, client: Duplex, head: Buffer, limit: RateLimit): void {
  const { hostname, port } = new URL(`http://${address}`);
  // The default port of the scheme http is left out.
  const server = connect({ host: hostname.replace(/[[\]]/g, ""), port: Number(port || 80) }, () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    server.write(head);
    // Not a pipeline: the server may have closed its side long before the client has got everything.
    client.pipe(server);
    pipeline(server, slowed(limit), client, () => {});
  });
  server.on("error", () => client.destroy());
  client.on("error", () => server.destroy()).on("close", () => server.destroy());
}

/** Forwards a request for an http URL, which clients send whole. */
function forward(asked: IncomingMessage, response: ServerResponse, limit: RateLimit): void {
  const { method, headers, url = "" } = asked;
  if (!url.startsWith("http://") || !URL.canParse(url)) {
    response.writeHead(400).end();
    return;
  }
  const forwarded = request(url, { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, slowed(limit), response, () => {});
  });
  forwarded.on("error", () => response.destroy());
  response.on("close", () => forwarded.destroy());
  asked.pipe(forwarded);
}

function slowed(limit: RateLimit): Transform {
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      setTimeout(() => done(null, chunk), limit.waitMs(chunk.length, performance.now()));
    },
  });
}
