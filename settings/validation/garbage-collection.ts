import type { StackKeys } from "../stack-keys.ts";
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
      return variant.storage.kind === "s3"
        ? "objects in S3 cannot be moved within a moment, so a push could lose a layer; remove the key, and run distribution's own garbage-collect while nobody pushes"
        : "only a registry host runs the collector; remove the key, and run distribution's own garbage-collect while nobody pushes";
    case "hybrid":
      return "only a registry host runs the collector; remove the key, and run distribution's own garbage-collect while nobody pushes";
    case "existing":
      return "whoever runs an existing registry collects its garbage; remove the key";
  }
}
