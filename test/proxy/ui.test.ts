import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import http, { type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "../../lab/network/free-port.ts";
import { ask } from "../../lab/proxy/ask.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { temporaryFolder, withFreshWorld, withWorld } from "../with-world.ts";

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && !address.internal && address.family === "IPv4")?.address;

describe("this project's page", () => {
  const proxy = withWorld(async (cleanup) => {
    const root = temporaryFolder(cleanup, "proxy-ui");
    await writeFile(join(root, "index.html"), "<!doctype html><title>page</title>");
    await writeFile(join(root, "app.js"), `// ${"a line\n// ".repeat(500)}`);
    await writeFile(join(root, "app.css"), "body { color: black }");
    return startProxy({
      host: "registry.example.org:5000",
      requiresAuthForPull: true,
      listens: { kind: "service", plainPort: await freePort(), forwardedFrom: [] },
      ui: { kind: "files", root },
    });
  });

  it.each([
    ["/ui/", "text/html; charset=utf-8", "<title>page</title>"],
    ["/ui/app.js", "text/javascript; charset=utf-8", "a line"],
    ["/ui/app.css", "text/css; charset=utf-8", "color: black"],
    ["/ui/config.json", "application/json", '{"host":"registry.example.org:5000"}'],
  ])("serves %s to whoever asks, also where reads need an account", async (path, type, text) => {
    const answer = await ask(proxy(), `GET ${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe(type);
    expect(answer.text).toContain(text);
    expect(answer.headers).toMatchObject({
      "content-security-policy": expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self';/),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
    const head = await ask(proxy(), `HEAD ${path}`);
    expect([head.status, head.text, head.headers["content-type"]]).toEqual([200, "", type]);
  });

  it("leads to the page from /ui", async () => {
    const answer = await ask(proxy(), "GET /ui");
    expect([answer.status, answer.headers.location]).toEqual([302, "/ui/"]);
  });

  it("compresses what is worth it", async () => {
    const answer = await ask(proxy(), "GET /ui/app.js", { headers: { "accept-encoding": "gzip" } });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.body.length).toBeLessThan(500);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s", async (method) => {
    const answer = await ask(proxy(), `${method} /ui/`, { basic: "jenkins" });
    expect([answer.status, answer.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  it.each([
    "/ui/../caddy/accounts.caddy",
    "/ui/%2e%2e/caddy/Caddyfile",
    "/ui/..%2f..%2fetc/passwd",
    "/ui//etc/passwd",
    "/ui/missing.js",
    "/ui/v2/_catalog",
  ])("gives nothing beside the page: %s", async (path) => {
    const answer = await ask(proxy(), `GET ${path}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain('"errors"');
  });

  it("leaves the API closed", async () => {
    expect((await ask(proxy(), "GET /v2/team-a/app/manifests/v1")).status).toBe(401);
    expect((await ask(proxy(), "GET /ui/../v2/_catalog")).status).not.toBe(200);
  });

  it.skipIf(outside === undefined)("gives denied clients no answer", async () => {
    await proxy().reload({ allowFrom: ["198.51.100.0/24"] });
    const url = proxy().url.replace("localhost", String(outside));
    await expect(ask({ url }, "GET /ui/")).rejects.toThrow(/socket hang up|ECONNRESET/);
    await proxy().reload({});
  });
});

describe("another server's page", () => {
  const world = withFreshWorld(async ({ use, defer }) => {
    /** The requests to the server. */
    const seen: IncomingMessage[] = [];
    const server = http.createServer((request, response) => {
      seen.push(request);
      response.end("another page");
    });
    defer(() => server.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const proxy = use(await startProxy({ ui: { kind: "proxied", upstream: `127.0.0.1:${port}` } }));
    return { seen, proxy };
  });

  it("is asked for without the prefix, and without anybody's password or token", async () => {
    for (const question of [{ basic: "jenkins" }, { bearer: "jenkins" }]) {
      const answer = await ask(world().proxy, "GET /ui/docker-registry-ui.js?v=1", question);
      expect(answer.text).toBe("another page");
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    }
    expect(world().seen.map(({ url }) => url)).toEqual(Array(2).fill("/docker-registry-ui.js?v=1"));
    expect(world().seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it("is read only", async () => {
    expect((await ask(world().proxy, "POST /ui/", { basic: "jenkins" })).status).toBe(405);
    expect(world().seen).toEqual([]);
  });

  it("is not asked for what the API answers", async () => {
    await ask(world().proxy, "GET /v2/_catalog");
    expect(world().seen).toEqual([]);
  });
});

it("has no page unless asked for", async () => {
  await using proxy = await startProxy();
  expect((await ask(proxy, "GET /ui/")).status).toBe(404);
  expect((await ask(proxy, "GET /ui")).status).toBe(404);
});
