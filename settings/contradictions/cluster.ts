import type { Contradiction } from "../contradictions.ts";
import { splitHost } from "../host-name.ts";
import type { Settings } from "../settings.ts";

/** Rules of the variants that run beside or in a cluster. */
export function* clusterContradictions(settings: Settings): Iterable<Contradiction> {
  const { variant, containerRegistry } = settings;
  if (variant.kind === "hybrid" && splitHost(containerRegistry.host).port !== variant.port)
    yield {
      path: ["variant", "port"],
      input: variant.port,
      message: `images are named after containerRegistry.host; use localhost:${variant.port} there, or the same port here`,
    };
  if (variant.kind !== "cluster") return;
  const { replicas, storage, exposure, catalogue, ui } = variant;

  if (replicas > 1 && storage.kind === "volume" && storage.accessMode !== "ReadWriteMany")
    yield {
      path: ["variant", "replicas"],
      input: replicas,
      message: "share no ReadWriteOnce volume; use storage kind s3, accessMode: ReadWriteMany, or one replica",
    };
  if (exposure.kind === "load-balancer") {
    const message = "belongs to an Ingress; remove it, or use exposure: { kind: ingress }";
    if (variant.ingressClassName !== undefined)
      yield { path: ["variant", "ingressClassName"], input: variant.ingressClassName, message };
    if (Object.keys(variant.ingressAnnotations).length > 0) yield { path: ["variant", "ingressAnnotations"], message };
  }
  if (ui.kind !== "none" && catalogue === "closed")
    yield {
      path: ["variant", "ui", "kind"],
      input: ui.kind,
      message: "lists the catalogue, which catalogue: closed hides; use catalogue: accounts, or ui: { kind: none }",
    };
}
