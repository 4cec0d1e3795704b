import { describe, expect, it } from "vitest";
import { changed, hostStack, problemsOf } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const lan = { kind: "private-ca" };

describe("a host stack", () => {
  refuses(hostStack, [
    [
      { "containerRegistry.host": "203.0.113.5" },
      'variant.tls.kind = "acme": proves a name, and 203.0.113.5 is an address',
    ],
    [
      { "containerRegistry.host": "localhost" },
      'variant.tls.kind = "acme": proves a name that the ACME server can resolve',
    ],
    [
      { "containerRegistry.host": "registry.local" },
      'variant.tls.kind = "acme": proves a name that the ACME server can resolve',
    ],
    [
      { "containerRegistry.host": "registry:443" },
      'variant.tls.kind = "acme": proves a name that the ACME server can resolve',
    ],
    [{ "containerRegistry.host": "registry.example.org:5000" }, "port 5000 is taken by the registry behind the proxy"],
    [{ "containerRegistry.host": "registry.example.org:80" }, "port 80 serves plain HTTP; leave the port out for 443"],
    [
      { "containerRegistry.host": "registry.example.org:443", "variant.tls": { kind: "none" } },
      "port 443 is for TLS and tls.kind is none",
    ],
    [
      { "variant.catalogue": "closed", "variant.ui": { kind: "builtin" } },
      'variant.ui.kind = "builtin": lists the catalogue',
    ],
  ]);

  it("refuses a CA for Let's Encrypt's own directory", () => {
    const stack = changed(hostStack, { "variant.tls.directoryCa": "package.json" });
    expect(problemsOf(stack)).toContainEqual(expect.stringContaining("is for a directory of your own"));
  });

  accepts(hostStack, [
    { "containerRegistry.host": "registry.local", "variant.tls.directory": "https://ca.example.org/dir" },
    { "containerRegistry.host": "registry.example.org:8443" },
    { "containerRegistry.host": "203.0.113.5", "variant.tls": lan },
    { "containerRegistry.host": "registry.example.org:8080", "variant.tls": { kind: "none" } },
    { "variant.catalogue": "accounts", "variant.ui": { kind: "builtin" } },
  ]);
});
