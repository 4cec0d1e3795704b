import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of `retention`: manifests without a tag are listed by no registry's API, but by the files of its storage. */
export function* validateRetention({ variant, retention }: StackKeys): Iterable<ValidationError> {
  const message = reason(variant);
  if (message === undefined) return;
  for (const [index, { untaggedAfter }] of retention.entries())
    if (untaggedAfter !== undefined) yield { path: ["retention", index, "untaggedAfter"], message };
}

function reason(variant: StackKeys["variant"]): string | undefined {
  if (variant.kind === "existing")
    return "an existing registry's API lists no manifests without a tag, and its storage is out of reach; remove the key, and have that registry's own settings delete them";
  if (variant.kind === "cluster" && variant.storage.kind === "s3")
    return "the registry's API lists no manifests without a tag, and they are not looked for in a bucket; remove the key, and run distribution's own garbage-collect --delete-untagged while nobody pushes";
  return undefined;
}
