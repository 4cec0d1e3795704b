import { describe, expect, it } from "vitest";
import { stripping } from "../../../../render/hybrid-registry/prefix.ts";

describe("a UI that does not know its prefix /registry/", () => {
  it.each([
    ["traefik.io/ingress-controller", "router.middlewares", "hostk8s-registry-ui-prefix@kubernetescrd"],
    ["k8s.io/ingress-nginx", "rewrite-target", "/$1"],
    ["nginx.org/ingress-controller", "rewrites", "serviceName=registry-ui rewrite=/"],
    ["haproxy.org/ingress-controller", "path-rewrite", "/registry/(.*) /\\1"],
    ["haproxy-ingress.github.io/controller", "rewrite-target", "/"],
  ])("is reached by the means of %s", (controller, key, value) => {
    const { annotations } = stripping(controller, "any", "hostk8s");
    const found = Object.entries(annotations).find(([name]) => name.endsWith(`/${key}`));
    expect(found?.[1]).toBe(value);
  });

  it("captures the path after the prefix for ingress-nginx's rewrite", () => {
    const { path, pathType } = stripping("k8s.io/ingress-nginx", "nginx", "hostk8s");
    expect("/registry/a/b.js".replace(new RegExp(`^${path}$`), "/$1")).toBe("/a/b.js");
    expect(pathType).toBe("ImplementationSpecific");
  });

  it("rejects an unknown controller, and says what to use", () => {
    expect(() => stripping("example.org/ingress", "other", "hostk8s")).toThrow(
      "does not know how Ingress class other (example.org/ingress) does that; use ui: { kind: builtin }",
    );
  });
});
