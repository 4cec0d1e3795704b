import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { loopbackCertificate, loopbackKey } from "./loopback-certificate.ts";

type Answer = { status: number; body?: string };

/** Plays the registry and the API server, on loopback, as the test says. */
export class FakeServer {
  registry: Answer = { status: 401 };
  api: Answer = { status: 200, body: '{"metadata":{"name":"trust-registry"}}' };
  /** Path and credentials of each question to the API. */
  readonly asked: { path: string; credentials: string | undefined }[] = [];

  private readonly server = createServer({ cert: loopbackCertificate, key: loopbackKey }, (request, response) => {
    const toRegistry = request.url === "/v2/";
    if (!toRegistry) this.asked.push({ path: String(request.url), credentials: request.headers.authorization });
    const { status, body = "" } = toRegistry ? this.registry : this.api;
    response.writeHead(status).end(body);
  });

  /** Hands back its port. */
  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
