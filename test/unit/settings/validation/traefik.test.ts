import { describe, expect, it } from "vitest";
import { changed, hostStack, problemsOf, traefikImages } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const traefikStack = changed(hostStack, {
  "variant.proxy": "traefik",
  "variant.images": traefikImages,
  "containerRegistry.requiresAuthForPull": true,
  accounts: [
    { name: "jenkins", push: ["**"], delete: ["**"] },
    { name: "cluster", pull: ["**"] },
  ],
});

describe("a host stack with traefik", () => {
  refuses(traefikStack, [
    [
      { "containerRegistry.requiresAuthForPull": false },
      'variant.proxy = "traefik": cannot serve anonymous pull; use caddy, or set requiresAuthForPull: true',
    ],
    [{ "variant.images": undefined }, "variant.images.proxy: missing: Traefik 3 by its digest"],
    [
      { "variant.allowFrom": ["10.0.0.0/8"] },
      "variant.allowFrom: leaves other clients without an answer, and traefik answers",
    ],
    [{ "variant.ui": { kind: "builtin" } }, 'variant.ui.kind = "builtin": is files, and traefik serves none'],
    [
      { "variant.oldHost": { kind: "read-only", connection: { kind: "local" } } },
      'variant.oldHost.kind = "read-only": needs caddy, which can refuse pushes alone',
    ],
    [
      { "variant.ui": { kind: "joxit", image: traefikImages.proxy } },
      'variant.ui.kind = "joxit": has no way to log in here, so it shows only what is open',
    ],
    [
      { "containerRegistry.host": "registry.example.org:5443" },
      'containerRegistry.host = "registry.example.org:5443": traefik proves the name by TLS-ALPN',
    ],
    [
      { accounts: [{ name: "jenkins", push: ["**", "p2c/**"] }] },
      'accounts[0].push[1] = "p2c/**": traefik tells accounts apart, and no repositories; use push: ["**"] or none, or caddy',
    ],
    [
      {
        accounts: [
          { name: "jenkins", push: ["**"] },
          { name: "dana", pull: ["*"] },
        ],
      },
      'accounts[1].pull[0] = "*": traefik tells accounts apart',
    ],
    [
      { accounts: [{ name: "jenkins", push: ["**"], delete: ["p2c/shop"] }] },
      'accounts[0].delete[0] = "p2c/shop": traefik tells accounts apart',
    ],
    [
      { accounts: [{ name: "jenkins", push: ["**"], expires: "2027-03-31" }] },
      'accounts[0].expires = "2027-03-31": traefik knows no day',
    ],
  ]);

  it("is told all of it at once", () => {
    const stack = changed(traefikStack, { "variant.allowFrom": ["10.0.0.0/8"], "variant.images": undefined });
    expect(problemsOf(stack)).toHaveLength(2);
  });

  accepts(traefikStack, [
    {},
    { "variant.catalogue": "closed" },
    { "containerRegistry.host": "registry.example.org:443" },
    { "containerRegistry.host": "registry.example.org:5443", "variant.tls": { kind: "private-ca" } },
    { "variant.tls": { kind: "none" } },
    { "variant.proxy": "caddy", "variant.allowFrom": ["10.0.0.0/8"], "variant.ui": { kind: "builtin" } },
  ]);
});
