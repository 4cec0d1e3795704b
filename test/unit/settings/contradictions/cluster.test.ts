import { describe } from "vitest";
import { clusterStack, hybridStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

describe("a cluster stack", () => {
  refuses(clusterStack, [
    [{ "variant.replicas": 2 }, "variant.replicas = 2: share no ReadWriteOnce volume"],
    [
      { "variant.exposure": { kind: "load-balancer" }, "variant.ingressClassName": "nginx" },
      'variant.ingressClassName = "nginx": belongs to an Ingress',
    ],
    [
      { "variant.exposure": { kind: "load-balancer" }, "variant.ingressAnnotations": { a: "b" } },
      "variant.ingressAnnotations: belongs to an Ingress",
    ],
    [
      { "variant.catalogue": "closed", "variant.ui": { kind: "builtin" } },
      'variant.ui.kind = "builtin": lists the catalogue',
    ],
  ]);
  accepts(clusterStack, [
    { "variant.replicas": 2, "variant.storage": { kind: "volume", accessMode: "ReadWriteMany" } },
    { "variant.replicas": 2, "variant.storage": { kind: "s3", bucket: "images" } },
    { "variant.exposure": { kind: "load-balancer", service: "traefik/traefik" } },
    { "variant.ingressClassName": "nginx", "variant.ingressAnnotations": { a: "b" } },
  ]);
});

describe("a hybrid stack", () => {
  refuses(hybridStack, [
    [
      { "variant.port": 5003 },
      "variant.port = 5003: images are named after containerRegistry.host; use localhost:5003 there",
    ],
    [{ "containerRegistry.host": "localhost" }, "variant.port = 5002: images are named after containerRegistry.host"],
  ]);
  accepts(hybridStack, [{ "variant.port": 5003, "containerRegistry.host": "localhost:5003" }]);
});
