import type { StackKeys } from "../stack-keys.ts";
import type { ClusterVariant } from "../variants/cluster.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of `garbageCollection`. */
export function* validateGarbageCollection({ variant, garbageCollection }: StackKeys): Iterable<ValidationError> {
  if (garbageCollection === undefined) return;
  const message = reason(variant);
  if (message !== undefined) yield { path: ["garbageCollection"], message };
}

function reason(variant: StackKeys["variant"]): string | undefined {
  switch (variant.kind) {
    case "host":
      return variant.proxy === "traefik"
        ? "Traefik cannot hold writes while blobs are moved; use variant.proxy: caddy, or remove the key"
        : undefined;
    case "cluster":
      return inCluster(variant.storage);
    case "hybrid":
      return "no collector runs beside kind; remove the key, and run distribution's own garbage-collect while nobody pushes";
    case "existing":
      return "whoever runs an existing registry collects its garbage; remove the key";
  }
}

function inCluster(storage: ClusterVariant["storage"]): string | undefined {
  if (storage.kind === "s3")
    return "objects in S3 cannot be moved within a moment, so a push could lose a layer; remove the key, and run distribution's own garbage-collect while nobody pushes";
  return storage.accessMode === "ReadWriteMany"
    ? "pods on several nodes see each other's files late, so their proxies do not hold writes in the same moment, and a push could lose a layer; use variant.storage.accessMode: ReadWriteOnce, or remove the key, and run distribution's own garbage-collect while nobody pushes"
    : undefined;
}
