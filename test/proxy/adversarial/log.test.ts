import { readFile } from "node:fs/promises";
import { connect } from "node:tls";
import { describe, expect, it } from "vitest";
import { ask } from "../../../lab/proxy/ask.ts";
import { floodOf } from "../../../lab/proxy/flood.ts";
import { startProxy } from "../../../lab/proxy/start-proxy.ts";
import { withWorld } from "../../with-world.ts";

describe("the logs of the proxy", () => {
  const proxy = withWorld(() => startProxy({ tls: { kind: "files" } }));

  const lines = async (name: string) =>
    (await readFile(`${proxy().directory}/log/${name}.log`, "utf8")).split("\n").filter(Boolean);

  it("have no header that a client chose, and no long text of his", async () => {
    const long = "x".repeat(3500);
    const servername = `${"x".repeat(60)}.`.repeat(50).slice(0, 3000);
    await ask(proxy(), `GET /${long}`);
    await ask(proxy(), "GET /marked", { headers: { "user-agent": long } });
    await ask(proxy(), "GET /marked", { headers: { host: long } });
    await ask(proxy(), "GET /marked", { headers: { "x-marked": "a header of the client's own", cookie: "a=secret" } });
    const { hostname: host, port } = new URL(proxy().url);
    const socket = connect({ host, port: Number(port), servername, rejectUnauthorized: false });
    socket.on("error", () => undefined);
    socket.write("GET /marked HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await ask(proxy(), "POST /v2/team-a/app/blobs/uploads/", { bearer: "jenkins", headers: { "user-agent": long } });
    await expect.poll(async () => (await lines("anonymous")).filter((line) => line.includes("/marked")).length).toBe(4);
    const all = [...(await lines("anonymous")), ...(await lines("access"))];
    expect(Math.max(...all.map((line) => line.length))).toBeLessThan(1500);
    expect(all.join("\n")).not.toMatch(/x-marked|secret/i);
  });

  it("have every request of an account, and which client it was", async () => {
    const before = (await lines("access")).length;
    for (let count = 0; count < 150; count++)
      await ask(proxy(), "GET /token", { bearer: "jenkins", headers: { "user-agent": "docker/28.2" } });
    const added = (await lines("access")).slice(before).map((line) => JSON.parse(line));
    expect(added).toHaveLength(150);
    expect(added[0]).toMatchObject({ user_id: "jenkins", user_agent: "docker/28.2" });
  });

  it("grow by a sample of the requests without an account", async () => {
    const before = (await lines("anonymous")).length;
    await using flood = await floodOf(proxy().url, { connections: 20 });
    const requests = "GET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n".repeat(500);
    const started = Date.now();
    await flood.write(requests);
    await flood.write("GET /v2/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await expect.poll(() => flood.open(), { timeout: 50_000 }).toBe(0);
    const seconds = Math.ceil((Date.now() - started) / 1000) + 1;
    const added = (await lines("anonymous")).length - before;
    expect(added).toBeGreaterThan(0);
    // The sample has the first hundred requests of each second, and one of each hundred of the others, of 10,000 requests.
    expect(added).toBeLessThanOrEqual(seconds * 100 + 100);
    expect((await lines("access")).some((line) => line.includes('"user_id":""'))).toBe(false);
  });
});
