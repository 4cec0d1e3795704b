import { expect, it } from "vitest";
import { ask } from "../../../lab/proxy/ask.ts";
import { digestOf, pushImage } from "../../../lab/proxy/content.ts";
import { floodOf } from "../../../lab/proxy/flood.ts";
import { startProxy } from "../../../lab/proxy/start-proxy.ts";
import { memoryLimitMib, peakMemoryMib } from "../support/fronts.ts";

const type = "application/vnd.oci.image.manifest.v1+json";

// An account has to have pushed such a manifest. Then anybody may ask for it. Each of distribution's answers takes it a tenth of
// a second of a core, and the next request waits for all 300.
it.each([
  ["the longest that is served from its file", 240_000, 8],
  ["the longest that distribution takes", 4_190_000, 1],
])("survives 300 clients that ask for a manifest at once: %s", { timeout: 300_000 }, async (_, length, requests) => {
  await using proxy = await startProxy();
  const { manifest } = await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), { bearer: "jenkins" });
  const body = JSON.stringify({ ...JSON.parse(manifest), annotations: { long: "" } });
  const long = body.replace('"long":"', `"long":"${"x".repeat(length - body.length)}`);
  const headers = { "content-type": type };
  const path = "/v2/team-a/app/manifests/v1";
  expect((await ask(proxy, `PUT ${path}`, { bearer: "jenkins", headers, body: long })).status).toBe(201);

  {
    await using flood = await floodOf(proxy.url, { connections: 300 });
    await flood.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: ${type}\r\n\r\n`.repeat(requests));
    // On a busy machine distribution may take too long to accept one more connection: then the answer is 502.
    expect([200, 502]).toContain((await ask(proxy, `GET ${path}`)).status);
  }
  const answer = await ask(proxy, `GET ${path}`);
  expect([answer.status, digestOf(answer.body)]).toEqual([200, digestOf(long)]);
  expect(await peakMemoryMib(proxy.server.child.pid ?? 0)).toBeLessThan(memoryLimitMib);
});
