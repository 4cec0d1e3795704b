import { describe, expect, it } from "vitest";
import { freePort } from "../../lab/network/free-port.ts";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import type { ProxyConfig } from "../../render/proxy/proxy-config.ts";
import { withWorld } from "../with-world.ts";

const lastSecond = new Date("2027-03-31T23:59:59Z");
const secondLater = new Date(lastSecond.getTime() + 1000);
const accounts = [
  account("jenkins", { push: ["**"] }),
  account("dana", { pull: ["team-a/**"], expires: "2027-03-31" }),
  account("erin", { push: ["team-a/**"], delete: ["**"], expires: "2027-03-31" }),
  account("later", { pull: ["**"], expires: "2027-04-01" }),
];
const manifest = "/v2/team-a/app/manifests/v1";
const unknown = `/v2/team-a/app/manifests/sha256:${"0".repeat(64)}`;

/** Requests that each account may send until the end of its last day, with the status of the answer. */
const requests: [name: string, line: string, status: number][] = [
  ["dana", "GET /v2/", 200],
  ["dana", `GET ${manifest}`, 200],
  ["dana", `HEAD ${manifest}`, 200],
  ["dana", "GET /v2/team-a/app/tags/list", 200],
  ["dana", "GET /v2/_catalog", 200],
  ["erin", "POST /v2/team-a/new/blobs/uploads/", 202],
  ["erin", `DELETE ${unknown}`, 404],
];
const ways: [way: string, as: (name: string) => Question][] = [
  ["password", (name) => ({ basic: name })],
  ["token", (name) => ({ bearer: name })],
];

describe.each<[string, () => Promise<Partial<ProxyConfig>>]>([
  ["a registry host", async () => ({})],
  [
    "a registry in a cluster, its rights in a file of their own",
    async () => ({
      rightsFile: "/etc/caddy/rights.caddy",
      listens: { kind: "service", plainPort: await freePort(), forwardedFrom: [] },
    }),
  ],
])("the last day of an account at %s", (_where, settings) => {
  const proxy = withWorld(async ({ use }) => {
    const options = { now: lastSecond };
    const proxy = use(await startProxy({ accounts, requiresAuthForPull: true, ...(await settings()) }, options));
    await pushImage(proxy, "team-a/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    return proxy;
  });

  const statuses = async () => {
    const asked = ways.flatMap(([, as]) => requests.map(([name, line]) => ask(proxy(), line, as(name))));
    return (await Promise.all(asked)).map(({ status }) => status);
  };
  const allowed = [...requests, ...requests].map(([, , status]) => status);

  it("is whole: all that it may do works to the last second, by password and by token", async () => {
    await proxy().setClock(lastSecond);
    expect(await statuses()).toEqual(allowed);
    expect(await ask(proxy(), "GET /token", { basic: "dana" })).toMatchObject({ status: 200 });
  });

  it("is the last: a second later each request is refused, by password and by token, and nothing was reloaded", async () => {
    await proxy().setClock(secondLater);
    expect(await statuses()).toEqual(allowed.map(() => 401));
    const { status, text } = await ask(proxy(), "GET /token", { basic: "dana" });
    expect(status).toBe(401);
    expect(text).not.toContain("dana-token");
  });

  it.each(["jenkins", "later"])("is no day of others: %s goes on", async (name) => {
    await proxy().setClock(secondLater);
    for (const [, as] of ways) expect(await ask(proxy(), `GET ${manifest}`, as(name))).toMatchObject({ status: 200 });
  });
});
