import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { limited } from "../../../../operations/copy/limited.ts";
import type { Side } from "../../../../operations/copy/side.ts";
import { RegistryApi } from "../../../../operations/registry-api/registry-api.ts";

const names = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];

beforeEach(() => {
  for (const name of names) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

const side = (host: string): Side => {
  const logins = () => undefined;
  return { host, ca: "", logins, api: new RegistryApi({ url: `https://${host}`, ca: "" }, logins) };
};
const sides = (host = "old.example.org") => ({ source: side(host), destination: side("new.example.org:5000") });

it("a limit › has regctl receive from everywhere but the destination by the proxy", async () => {
  using limit = await limited(1000, sides());
  const proxy = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(limit.env).toEqual({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: "new.example.org:5000" });
});

it("no limit › changes nothing of the environment", async () => {
  using limit = await limited(undefined, sides("localhost:5000"));
  expect(limit.env).toEqual({});
});

it.each(["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"])(
  "a limit › is refused for a source at %s",
  async (host) => {
    await expect(limited(1000, sides(host))).rejects.toThrow(`--limit-rate does not limit ${host}`);
  },
);

it.each(names)("a limit › is refused beside a proxy of the user's own in %s", async (name) => {
  vi.stubEnv(name, "http://proxy.example.org:3128");
  await expect(limited(1000, sides())).rejects.toThrow(`does not go together with ${name}`);
});
