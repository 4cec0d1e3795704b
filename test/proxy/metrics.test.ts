import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../lab/network/free-port.ts";
import { ask } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";

const prometheus = { basic: "prometheus" };

let proxy: StartedProxy;

beforeAll(async () => {
  proxy = await startProxy({
    accounts: [account("jenkins", { push: ["**"] }), account("prometheus", {})],
    metrics: { account: "prometheus", registry: `127.0.0.1:${await freePort()}`, ofHost: true },
  });
  await writeFile(join(proxy.directory, "caddy/stack.prom"), "of_the_stack 1\n");
  await writeFile(join(proxy.directory, "caddy/host.prom"), "of_the_host 1\n");
  await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), { bearer: "jenkins" });
});
afterAll(() => proxy[Symbol.asyncDispose]());

describe("/metrics/", () => {
  it.each([
    ["proxy", "caddy_http_requests_total"],
    ["registry", 'registry_http_requests_total{code="201",handler="manifest",method="put"} 1'],
    ["stack", "of_the_stack 1"],
    ["host", "of_the_host 1"],
  ])("answers %s to the account that monitors", async (part, line) => {
    const { status, headers, text } = await ask(proxy, `GET /metrics/${part}`, prometheus);
    expect([status, headers["content-type"]]).toEqual([200, expect.stringMatching("^text/plain")]);
    expect(text).toContain(line);
  });

  it.each(["proxy", "registry", "stack", "host"])("keeps %s from every other client", async (part) => {
    const statusOf = async (question = {}) => (await ask(proxy, `GET /metrics/${part}`, question)).status;
    expect(await statusOf()).toBe(401);
    expect(await statusOf({ bearer: "anonymous" })).toBe(401);
    expect(await statusOf({ basic: "jenkins" })).toBe(403);
  });

  it.each([
    ["GET /metrics/", 404],
    ["GET /metrics/other", 404],
    ["GET /metrics/stack/../accounts.caddy", 404],
    ["GET /metrics/accounts.caddy", 404],
    ["POST /metrics/proxy", 405],
  ])("answers %s with %i", async (request, status) => {
    expect((await ask(proxy, request, prometheus)).status).toBe(status);
  });

  it("gives the account that monitors no other right", async () => {
    const upload = await ask(proxy, "POST /v2/team-a/app/blobs/uploads/", prometheus);
    expect(upload.status).toBe(403);
  });

  it("writes no scrape to the access log", async () => {
    await ask(proxy, "GET /metrics/stack", prometheus);
    await ask(proxy, "GET /v2/team-a/app/manifests/v1", { bearer: "jenkins" });
    const served = (await proxy.accessLog()).split("\n").filter((line) => line.includes('"status":200'));
    expect(served.join("\n")).toContain("manifests/v1");
    expect(served.join("\n")).not.toContain("/metrics/");
  });
});
