import { isIPv4 } from "node:net";
import { hasPlaceholder, splitHost, withAddress } from "../formats/host-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import type { ClusterVariant } from "../variants/cluster.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of the registry in a cluster. */
export function* validateCluster(settings: StackKeys): Iterable<ValidationError> {
  const { variant, containerRegistry } = settings;
  const balanced = variant.kind === "cluster" && variant.exposure.kind === "load-balancer";
  if (hasPlaceholder(containerRegistry.host) && !balanced)
    yield {
      path: ["containerRegistry", "host"],
      input: containerRegistry.host,
      message:
        "only a load balancer has an address to fill in; use variant kind cluster with exposure: { kind: load-balancer }, or a name",
    };
  if (variant.kind !== "cluster") return;
  const { replicas, storage, catalogue, ui } = variant;

  if (replicas > 1 && storage.kind === "volume" && storage.accessMode !== "ReadWriteMany")
    yield {
      path: ["variant", "replicas"],
      input: replicas,
      message: "share no ReadWriteOnce volume; use storage kind s3, accessMode: ReadWriteMany, or one replica",
    };
  yield* validateExposure(containerRegistry.host, variant);
  yield* validateImages(containerRegistry.host, variant);
  if (ui.kind !== "none" && catalogue === "closed")
    yield {
      path: ["variant", "ui", "kind"],
      input: ui.kind,
      message: "lists the catalogue, which catalogue: closed hides; use catalogue: accounts, or ui: { kind: none }",
    };
}

function* validateExposure(host: string, variant: ClusterVariant): Iterable<ValidationError> {
  const { exposure, ingressClassName, ingressAnnotations } = variant;
  if (exposure.kind === "load-balancer" && exposure.service === undefined) {
    const message =
      "belongs to an Ingress, and a load balancer of the registry's own has none; remove it, or name the ingress controller's exposure.service";
    if (ingressClassName !== undefined)
      yield { path: ["variant", "ingressClassName"], input: ingressClassName, message };
    if (Object.keys(ingressAnnotations).length > 0) yield { path: ["variant", "ingressAnnotations"], message };
  } else if (isIPv4(withAddress(splitHost(host).name, "192.0.2.10")))
    yield {
      path: ["containerRegistry", "host"],
      input: host,
      message:
        "an Ingress serves names, no addresses; use a name, as in registry.{address}.nip.io, or exposure: { kind: load-balancer } without service",
    };
}

/**
 * Rules of the registry's own images: the cluster's nodes pull them before the registry runs, so not from the
 * registry.
 */
function* validateImages(host: string, { images, ui }: ClusterVariant): Iterable<ValidationError> {
  const all = [
    { path: ["variant", "images", "registry"], image: images.registry },
    { path: ["variant", "images", "proxy"], image: images.proxy },
    { path: ["variant", "images", "backup"], image: images.backup },
    ...(ui.kind === "joxit" ? [{ path: ["variant", "ui", "image"], image: ui.image }] : []),
  ];
  for (const { path, image } of all) {
    if (image.archive !== undefined)
      yield {
        path: [...path, "archive"],
        input: image.archive,
        message: "is loaded on one machine, and pods run on any; name an image that all nodes can pull, by its digest",
      };
    if (image.reference.startsWith(`${host}/`))
      yield {
        path: [...path, "reference"],
        input: image.reference,
        message: `is pulled before ${host} is there; take the image from another registry`,
      };
  }
}
