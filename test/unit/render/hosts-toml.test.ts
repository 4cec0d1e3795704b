import { parse } from "smol-toml";
import { expect, it } from "vitest";
import { hostsToml } from "../../../render/hosts-toml.ts";
import { registryDirectory } from "../../../render/registry-directory.ts";

it("hostsToml › has the CA for the host table and for the server", () => {
  const text = hostsToml({
    host: "registry.example.org:5000",
    urls: ["https://registry.example.org:5000"],
    caFile: "ca.crt",
  });
  expect(parse(text)).toEqual({
    server: "https://registry.example.org:5000",
    capabilities: ["push"],
    ca: "ca.crt",
    host: { "https://registry.example.org:5000": { capabilities: ["pull", "resolve"], ca: "ca.crt" } },
  });
});

it("hostsToml › writes a host table even without a CA", () => {
  const text = hostsToml({ host: "registry.example.org", urls: ["https://registry.example.org"] });
  expect(parse(text)).toMatchObject({
    host: { "https://registry.example.org": { capabilities: ["pull", "resolve"] } },
  });
  expect(text).not.toContain("ca =");
});

it("hostsToml › pulls from another address than the one images are named after", () => {
  const text = hostsToml({ host: "localhost:5002", urls: ["http://hostk8s-registry.:5000"] });
  expect(parse(text)).toMatchObject({
    server: "http://localhost:5002",
    host: { "http://hostk8s-registry.:5000": { capabilities: ["pull", "resolve"] } },
  });
});

it("hostsToml › tries the URLs in order, with the CA for https only and a short timeout for all but the last", () => {
  const text = hostsToml({
    host: "registry.test",
    urls: ["https://registry.test", "http://10.96.0.10:5000", "https://10.96.0.11:5443"],
    caFile: "ca.crt",
  });
  const read = parse(text);
  expect(read).toEqual({
    server: "https://registry.test",
    capabilities: ["push"],
    ca: "ca.crt",
    host: {
      "https://registry.test": { capabilities: ["pull", "resolve"], ca: "ca.crt", dial_timeout: "5s" },
      "http://10.96.0.10:5000": { capabilities: ["pull", "resolve"], dial_timeout: "5s" },
      "https://10.96.0.11:5443": { capabilities: ["pull", "resolve"], ca: "ca.crt" },
    },
  });
  expect(Object.keys(Object(read.host))).toEqual([
    "https://registry.test",
    "http://10.96.0.10:5000",
    "https://10.96.0.11:5443",
  ]);
});

it("hostsToml › uses TLS for the name even if another URL is plain HTTP", () => {
  const text = hostsToml({ host: "registry.test", urls: ["http://10.96.0.10:5000", "https://registry.test"] });
  expect(parse(text)).toMatchObject({ server: "https://registry.test" });
});

it.each([
  ["registry.example.org", "registry.example.org"],
  ["registry.example.org:5000", "registry.example.org_5000_"],
  ["192.0.2.10:443", "192.0.2.10_443_"],
])("registryDirectory › of %s is %s", (host, directory) => {
  expect(registryDirectory(host)).toBe(directory);
});
