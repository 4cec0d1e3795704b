import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { ask } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { password, token } from "../../lab/proxy/credentials.ts";
import { floodOf } from "../../lab/proxy/flood.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";

/** More connections than the proxy may have open files. */
const all = 1200;

it("requests wait while the proxy has as many open files as it may have", async () => {
  await using proxy = await startProxy();
  const { layer, digest } = await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
  const basic = `Authorization: Basic ${btoa(`jenkins:${password("jenkins")}`)}`;
  const bearer = `Authorization: Bearer ${token("jenkins")}`;
  const requests = [
    `GET /v2/team-a/app/blobs/${layer} HTTP/1.1`,
    `GET /v2/team-a/app/manifests/v1 HTTP/1.1\r\nAccept: application/vnd.oci.image.manifest.v1+json`,
    `HEAD /v2/team-a/app/manifests/${digest} HTTP/1.1\r\nAccept: application/vnd.oci.image.manifest.v1+json`,
    "GET /v2/ HTTP/1.1",
    `GET /token HTTP/1.1\r\n${basic}`,
    `POST /v2/team-a/app/blobs/uploads/ HTTP/1.1\r\n${bearer}\r\nContent-Length: 0`,
  ];
  // The proxy has accepted these connections before the others come.
  await using clients = await floodOf(proxy.url, { connections: requests.length });
  {
    await using _others = await floodOf(proxy.url, { connections: all });
    for (const [index, request] of requests.entries())
      clients.sockets[index]?.write(`${request}\r\nHost: localhost\r\n\r\n`);
    await sleep(1000);
  }
  const statuses = () => clients.answers().map((text) => Number(text.split(" ")[1]));
  await vi.waitUntil(() => statuses().every(Number.isInteger), 30_000);
  expect(statuses()).toEqual([200, 200, 200, 401, 200, 202]);
});

it("pulls and pushes wait while distribution restarts", async () => {
  await using proxy = await startProxy();
  await proxy.registry[Symbol.asyncDispose]();
  const push = ask(proxy, "POST /v2/team-a/app/blobs/uploads/", { basic: "jenkins" });
  const pull = ask(proxy, "GET /v2/team-a/app/manifests/v1");
  expect((await ask(proxy, "GET /healthz")).status).toBe(502);
  await proxy.restart("registry");
  expect([(await push).status, (await pull).status]).toEqual([202, 404]);
});
