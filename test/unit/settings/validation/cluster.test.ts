import { describe } from "vitest";
import { changed, clusterStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

describe("a cluster stack", () => {
  refuses(clusterStack, [
    [{ "variant.replicas": 2 }, "variant.replicas = 2: share no ReadWriteOnce volume"],
    [
      { "variant.exposure": { kind: "load-balancer" }, "variant.ingressClassName": "nginx" },
      'variant.ingressClassName = "nginx": belongs to an Ingress, and a load balancer of the registry\'s own has none',
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
  refuses(changed(clusterStack, { "containerRegistry.host": "registry.{address}.nip.io" }), [
    [{}, 'containerRegistry.host = "registry.{address}.nip.io": only a load balancer has an address to fill in'],
    [
      { variant: { kind: "host", connection: { kind: "local" }, tls: { kind: "private-ca" } } },
      "only a load balancer has an address to fill in; use variant kind cluster",
    ],
    [
      { "containerRegistry.host": "{address}", "variant.exposure": { kind: "load-balancer", service: "a/b" } },
      'containerRegistry.host = "{address}": an Ingress serves names, no addresses',
    ],
    [{ "containerRegistry.host": "192.0.2.10:5000" }, "an Ingress serves names, no addresses"],
    [
      {
        "containerRegistry.host": "registry.example.org",
        "variant.images": { registry: { reference: `sha256:${"a".repeat(64)}`, archive: "package.json" } },
      },
      'variant.images.registry.archive = "package.json": is loaded on one machine, and pods run on any',
    ],
    [
      {
        "containerRegistry.host": "registry.example.org",
        "variant.images": { proxy: { reference: `registry.example.org/caddy@sha256:${"a".repeat(64)}` } },
      },
      "is pulled before registry.example.org is there",
    ],
  ]);
  accepts(changed(clusterStack, { "variant.exposure": { kind: "load-balancer" } }), [
    { "containerRegistry.host": "registry.{address}.nip.io" },
    { "containerRegistry.host": "registry.{address}.nip.io:8443" },
    { "containerRegistry.host": "{address}" },
    { "containerRegistry.host": "192.0.2.10" },
    {
      "containerRegistry.host": "registry.{address}.nip.io",
      "variant.exposure.service": "traefik/traefik",
      "variant.ingressClassName": "traefik",
    },
  ]);
  accepts(clusterStack, [
    { "variant.replicas": 2, "variant.storage": { kind: "volume", accessMode: "ReadWriteMany" } },
    { "variant.replicas": 2, "variant.storage": { kind: "s3", bucket: "images" } },
    { "variant.exposure": { kind: "load-balancer", service: "traefik/traefik" } },
    { "variant.ingressClassName": "nginx", "variant.ingressAnnotations": { a: "b" } },
  ]);
});
