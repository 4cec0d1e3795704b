import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ask } from "../../lab/proxy/ask.ts";
import { digestOf, pushImage } from "../../lab/proxy/content.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";

const jenkins = { bearer: "jenkins" };

describe("a push in flight", () => {
  it("outlives reloads that change the accounts", async () => {
    await using proxy = await startProxy();
    const push = await slowPush(proxy, "team-a/app");
    await push.send(5);
    await proxy.reload({ accounts: [account("jenkins", { push: ["**"] })] });
    expect((await ask(proxy, "GET /v2/", { basic: "team-a" })).status).toBe(401);
    await push.send(5);
    await proxy.reload({});
    expect((await ask(proxy, "GET /v2/", { basic: "team-a" })).status).toBe(200);
    await push.send(5);
    expect(await push.finish()).toBe(201);
  });

  it("is written to the storage while it comes in, not held back", async () => {
    await using proxy = await startProxy();
    const push = await slowPush(proxy, "team-a/app");
    await push.send(64);
    const arrived = async () => Number((await ask(proxy, `GET ${push.path}`, jenkins)).headers.range?.split("-")[1]);
    await expect.poll(arrived, { timeout: 30_000 }).toBeGreaterThan(1_000_000);
    await push.finish();
  });

  it("may go on after the client's connection broke, where it stopped", async () => {
    await using proxy = await startProxy();
    const first = Buffer.alloc(100_000, "a");
    const second = Buffer.alloc(50_000, "b");
    const start = await ask(proxy, "POST /v2/team-a/app/blobs/uploads/", jenkins);
    const patched = await ask(proxy, `PATCH ${start.headers.location}`, { ...jenkins, body: first });
    expect([patched.status, patched.headers.range]).toEqual([202, "0-99999"]);
    const whole = Buffer.concat([first, second]);
    const put = await ask(proxy, `PUT ${patched.headers.location}&digest=${digestOf(whole)}`, {
      ...jenkins,
      body: second,
    });
    expect(put.status).toBe(201);
    expect((await ask(proxy, `GET ${put.headers.location}`)).body.equals(whole)).toBe(true);
  });

  it("may be cancelled", async () => {
    await using proxy = await startProxy();
    const { headers } = await ask(proxy, "POST /v2/team-a/app/blobs/uploads/", jenkins);
    expect((await ask(proxy, `DELETE ${headers.location}`, jenkins)).status).toBe(204);
    expect((await ask(proxy, `GET ${headers.location}`, jenkins)).status).toBe(404);
  });
});

it("answers with locations that hold on any name and port: they have neither", async () => {
  await using proxy = await startProxy({ tls: { kind: "files" } });
  const { headers } = await ask(proxy, "POST /v2/team-a/app/blobs/uploads/", jenkins);
  expect(headers.location).toMatch(/^\/v2\/team-a\/app\/blobs\/uploads\//);
});

describe("compression", () => {
  const gzip = { headers: { "accept-encoding": "gzip, zstd" } };

  it("is for long lists of tags and repositories, and not for HEAD", async () => {
    await using proxy = await startProxy();
    const long = "long-name-".repeat(10);
    for (let tag = 0; tag < 100; tag++) {
      const folders = [`${long}${tag}/_manifests/tags`, `team-a/app/_manifests/tags/${long}${tag}`];
      for (const folder of folders)
        await mkdir(join(proxy.storage, "docker/registry/v2/repositories", folder), { recursive: true });
    }
    for (const path of ["/v2/_catalog", "/v2/team-a/app/tags/list"]) {
      const plain = await ask({ url: proxy.registryUrl }, `GET ${path}`);
      const compressed = await ask(proxy, `GET ${path}`, { headers: { "accept-encoding": "gzip" } });
      expect(compressed.headers["content-encoding"]).toBe("gzip");
      expect(gunzipSync(compressed.body).toString()).toBe(plain.text);
    }
    const head = await ask(proxy, "HEAD /v2/team-a/app/tags/list", gzip);
    expect(head.headers["content-encoding"]).toBeUndefined();
  });

  it("is never for a manifest, which keeps its length", async () => {
    await using proxy = await startProxy();
    const { manifest } = await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), jenkins);
    const large = JSON.stringify({ ...JSON.parse(manifest), annotations: { note: "much to say ".repeat(1000) } });
    const headers = { "content-type": JSON.parse(manifest).mediaType };
    await ask(proxy, "PUT /v2/team-a/app/manifests/large", { ...jenkins, headers, body: large });
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask(proxy, `${method} /v2/team-a/app/manifests/large`, gzip);
      expect(answer.headers["content-encoding"]).toBeUndefined();
      expect(answer.headers["content-length"]).toBe(String(large.length));
      expect(answer.text).toBe(method === "GET" ? large : "");
    }
  });
});

/** Starts a push that sends its data only when the test calls `send`. */
async function slowPush(proxy: StartedProxy, repository: string) {
  const start = await ask(proxy, `POST /v2/${repository}/blobs/uploads/`, jenkins);
  const patch = String(start.headers.location);
  const request = http.request(`${proxy.url}${patch}`, {
    method: "PATCH",
    headers: { authorization: "Bearer jenkins-token", "transfer-encoding": "chunked" },
  });
  const hash = createHash("sha256");
  return {
    path: patch,
    async send(chunks: number) {
      for (let chunk = 0; chunk < chunks; chunk++) {
        const bytes = Buffer.alloc(32_768, chunk);
        hash.update(bytes);
        if (!request.write(bytes)) await once(request, "drain");
        await setTimeout(10);
      }
    },
    async finish(): Promise<number> {
      const answered = once(request, "response") as Promise<[http.IncomingMessage]>;
      request.end();
      const [response] = await answered;
      response.resume();
      const put = await ask(proxy, `PUT ${response.headers.location}&digest=sha256:${hash.digest("hex")}`, jenkins);
      return put.status;
    },
  };
}
