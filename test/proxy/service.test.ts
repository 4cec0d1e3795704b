import { describe, expect, it } from "vitest";
import { freePort } from "../../lab/network/free-port.ts";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import type { ProxyConfig } from "../../render/proxy/proxy-config.ts";
import { withWorld } from "../with-world.ts";

/** The address of an ingress controller. The proxy trusts the forwarded headers of requests from this address. */
const ingress = "127.0.0.2";

describe("behind a Service", () => {
  const world = withWorld(async ({ use }) => {
    const [plainPort, tlsPort] = [await freePort(), await freePort()];
    const settings: Partial<ProxyConfig> = {
      host: "registry.example.org",
      tls: { kind: "files" },
      listens: { kind: "service", plainPort, tlsPort, forwardedFrom: [`${ingress}/32`] },
    };
    return {
      proxy: use(await startProxy(settings)),
      plain: { url: `http://127.0.0.1:${plainPort}` },
      encrypted: { url: `https://127.0.0.1:${tlsPort}` },
    };
  });

  const challenge = async (to: { url: string }, question: Question) =>
    (await ask(to, "GET /v2/", question)).headers["www-authenticate"];
  const host = (name: string, forwarded?: string) => ({
    headers: { host: name, ...(forwarded && { "x-forwarded-proto": forwarded }) },
  });

  it.each([
    ["in plain HTTP by the Service's address", () => world().plain, {}, "http"],
    ["by its own TLS", () => world().encrypted, {}, "https"],
    ["through an Ingress that ends TLS", () => world().plain, { from: ingress, forwarded: "https" }, "https"],
    ["through an Ingress in plain HTTP", () => world().plain, { from: ingress, forwarded: "http" }, "http"],
    ["from elsewhere with a header of the client's own", () => world().plain, { forwarded: "https" }, "http"],
    ["by its own TLS with a header of the client's own", () => world().encrypted, { forwarded: "http" }, "https"],
    [
      "through an Ingress that forwards nonsense",
      () => world().plain,
      { from: ingress, forwarded: 'https://a/",x="' },
      "http",
    ],
  ] as const)("keeps the realm where the client came by: %s", async (_way, to, way, scheme) => {
    const { from, forwarded }: { from?: string; forwarded?: string } = way;
    for (const name of ["registry.example.org", "10.96.0.7:5000"])
      expect(await challenge(to(), { from, ...host(name, forwarded) })).toBe(
        `Bearer realm="${scheme}://${name}/token",service="${name}"`,
      );
  });

  it.each(["GET /healthz", "GET /v2/_catalog", "GET /token"])("answers %s on both ports", async (line) => {
    for (const to of [world().plain, world().encrypted]) expect((await ask(to, line)).status).toBe(200);
  });

  it("pushes through both ports, and not without an account", async () => {
    for (const to of [world().plain, world().encrypted]) {
      expect((await ask(to, "POST /v2/team-a/app/blobs/uploads/", { basic: "team-a" })).status).toBe(202);
      expect((await ask(to, "POST /v2/team-a/app/blobs/uploads/")).status).toBe(401);
    }
  });

  it("logs to its standard output, with the address that the Ingress forwards", async () => {
    await ask(world().plain, "GET /logged", { from: ingress, headers: { "x-forwarded-for": "203.0.113.9" } });
    await ask(world().plain, "GET /logged", { headers: { "x-forwarded-for": "203.0.113.9" } });
    const clients = (await world().proxy.accessLog())
      .split("\n")
      .filter((line) => line.includes('"uri":"/logged"'))
      .map((line) => JSON.parse(line).request.client_ip);
    expect(clients).toEqual(["203.0.113.9", "127.0.0.1"]);
  });

  it("believes nobody where no network is given", async () => {
    await world().proxy.reload({
      listens: { kind: "service", plainPort: Number(new URL(world().plain.url).port), forwardedFrom: [] },
    });
    expect(await challenge(world().plain, { from: ingress, ...host("a.example.org", "https") })).toContain(
      'realm="http://',
    );
    await world().proxy.reload({});
  });
});
