import { mkdir, rename, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ask } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

/** An address of this machine that is not loopback. For the proxy, a client with this address is on another machine. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && !address.internal && address.family === "IPv4")?.address;

const from = (url: string, address = "") => ({ url: url.replace("localhost", address) });

describe("TLS by files", () => {
  const proxy = withWorld(async ({ use }) => {
    const proxy = use(await startProxy({ tls: { kind: "files" } }));
    const proof = join(proxy.directory, "caddy/probe/.well-known/acme-challenge");
    await mkdir(proof, { recursive: true });
    await writeFile(join(proof, "container-registry"), "this machine");
    await writeFile(join(proxy.directory, "caddy/probe/beside"), "not to be read");
    return proxy;
  });

  it("serves the name, and the bare address that sends no name", async () => {
    for (const name of ["localhost", "127.0.0.1"]) {
      const answer = await ask(from(proxy().url, name), "GET /v2/");
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toContain(`realm="https://${name}:`);
    }
  });

  it("sends plain HTTP to the registry's own name", async () => {
    const answer = await ask({ url: proxy().plainUrl }, "GET /v2/?a=b");
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe(`https://${proxy().config.host}/v2/?a=b`);
  });

  it("answers /healthz in plain HTTP, as the container's health check asks", async () => {
    expect((await ask({ url: proxy().plainUrl }, "GET /healthz")).status).toBe(200);
  });

  it("shows the proof that the name leads here, and nothing beside it", async () => {
    const plain = { url: proxy().plainUrl };
    expect((await ask(plain, "GET /.well-known/acme-challenge/container-registry")).text).toBe("this machine");
    expect((await ask(plain, "GET /.well-known/acme-challenge/../../beside")).text).not.toContain("not to be read");
    expect((await ask(plain, "GET /.well-known/acme-challenge/other")).status).toBe(404);
  });

  it("logs both ports in JSON", async () => {
    await ask(proxy(), "GET /v2/");
    await ask({ url: proxy().plainUrl }, "GET /logged-in-plain");
    const lines = (await proxy().accessLog())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ request }) => request.uri)).toContain("/logged-in-plain");
    expect(lines.map(({ request }) => request.tls?.server_name)).toContain("localhost");
  });
});

describe.skipIf(outside === undefined)("allowFrom", () => {
  const proxy = withWorld(async ({ use }) => {
    const proxy = use(await startProxy({ tls: { kind: "files" }, allowFrom: ["198.51.100.0/24"] }));
    await mkdir(join(proxy.directory, "caddy/probe/.well-known/acme-challenge"), { recursive: true });
    await writeFile(join(proxy.directory, "caddy/probe/.well-known/acme-challenge/proof"), "this machine");
    return proxy;
  });

  it.each(["GET /v2/", "GET /token", "GET /healthz", "GET /", "POST /v2/a/blobs/uploads/"])(
    "gives denied clients no answer on either port: %s",
    async (line) => {
      await expect(ask(from(proxy().url, outside), line)).rejects.toThrow(/socket hang up|ECONNRESET/);
      await expect(ask(from(proxy().plainUrl, outside), line)).rejects.toThrow(/socket hang up|ECONNRESET/);
    },
  );

  it("answers loopback", async () => {
    expect((await ask(proxy(), "GET /v2/")).status).toBe(401);
    expect((await ask({ url: proxy().plainUrl }, "GET /healthz")).status).toBe(200);
  });

  it("lets the proof through, which ACME servers and the host itself ask for", async () => {
    const answer = await ask(from(proxy().plainUrl, outside), "GET /.well-known/acme-challenge/proof");
    expect(answer.text).toBe("this machine");
  });

  it("answers who is on the list", async () => {
    await proxy().reload({ allowFrom: [`${outside}/32`] });
    expect((await ask(from(proxy().url, outside), "GET /v2/")).status).toBe(401);
    await proxy().reload({});
  });

  it("keeps /healthz on port 80 for loopback", async () => {
    await proxy().reload({ allowFrom: [] });
    expect((await ask(from(proxy().plainUrl, outside), "GET /healthz")).status).toBe(301);
    await proxy().reload({});
  });
});

describe("the catalogue", () => {
  it.each([
    ["open", false, [200, 200]],
    ["open", true, [401, 200]],
    ["accounts", false, [401, 200]],
    ["accounts", true, [401, 200]],
    ["closed", false, [403, 403]],
    ["closed", true, [403, 403]],
  ] as const)(
    "%s, requiresAuthForPull %s: nobody and an account get %o",
    async (catalogue, requiresAuthForPull, statuses) => {
      await using proxy = await startProxy({ catalogue, requiresAuthForPull });
      const nobody = await ask(proxy, "GET /v2/_catalog?n=10");
      const account = await ask(proxy, "GET /v2/_catalog", { bearer: "team-a" });
      expect([nobody.status, account.status]).toEqual(statuses);
    },
  );
});

describe("without the registry behind", () => {
  it("says that it is unavailable, in the specification's JSON", async () => {
    await using proxy = await startProxy();
    await proxy.registry[Symbol.asyncDispose]();
    const answer = await ask(proxy, "GET /v2/team-a/app/manifests/v1");
    expect(answer.status).toBe(502);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(answer.text).errors[0].code).toBe("UNAVAILABLE");
    expect((await ask(proxy, "GET /healthz")).status).toBe(502);
  });
});

describe("a registry that cannot read its storage", () => {
  it("fails in the specification's JSON, which does not tell where the storage is", async () => {
    await using proxy = await startProxy();
    await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    const tags = join(proxy.storage, "docker/registry/v2/repositories/team-a/app/_manifests/tags");
    await rename(tags, `${tags}-away`);
    await writeFile(tags, "a file where a folder should be");
    const told = (at: { url: string }) => ask(at, "GET /v2/team-a/app/tags/list");
    expect((await told({ url: proxy.registryUrl })).text).toContain(proxy.storage);

    const answer = await told(proxy);
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.text)).toEqual({ errors: [{ code: "UNAVAILABLE", message: expect.any(String) }] });
    expect(answer.text).not.toContain(proxy.storage);
  });
});

it("serves with no account at all", async () => {
  await using proxy = await startProxy({ accounts: [] });
  expect((await ask(proxy, "GET /v2/_catalog")).status).toBe(200);
  expect((await ask(proxy, "POST /v2/a/blobs/uploads/")).status).toBe(401);
  expect((await ask(proxy, "POST /v2/a/blobs/uploads/", { basic: "jenkins" })).status).toBe(401);
});
