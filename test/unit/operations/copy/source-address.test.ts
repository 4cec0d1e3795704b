import { expect, it } from "vitest";
import { sourceAddress } from "../../../../operations/copy/source-address.ts";

it.each([
  ["nexus.example.org:8082", "nexus.example.org:8082", "https://nexus.example.org:8082", ""],
  ["http://10.0.0.5:5000/", "10.0.0.5:5000", "http://10.0.0.5:5000", ""],
  ["harbor.example.org/project/team", "harbor.example.org", "https://harbor.example.org", "project/team"],
  ["localhost/app", "localhost", "https://localhost", "app"],
  ["docker.io/library", "docker.io", "https://registry-1.docker.io", "library"],
])("%s › is the registry %s", (text, host, url, path) => {
  expect(sourceAddress(text)).toEqual({ host, url, path });
});

it.each(["nginx", "library/nginx", "ftp://registry.example.org", "user:secret@registry.example.org", ""])(
  "refuses %o, which names no registry",
  (text) => {
    expect(() => sourceAddress(text)).toThrow("names no registry; HOST[:PORT][/PATH] as in");
  },
);

it("refuses a tag", () => {
  expect(() => sourceAddress("docker.io/library/nginx:1.27")).toThrow("a tag is named by --match");
});
