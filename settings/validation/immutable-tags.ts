import type { StackKeys } from "../stack-keys.ts";
import { repeated } from "./repeated.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of `immutableTags`: only Caddy, in front of a registry of this stack, can keep tags as they are. */
export function* validateImmutableTags({ immutableTags, variant }: StackKeys): Iterable<ValidationError> {
  if (immutableTags.length === 0) return;
  const path = ["immutableTags"];
  if (variant.kind === "existing")
    yield {
      path,
      message:
        "an existing registry has no proxy of ours to refuse a push; remove the key, and make tags immutable in that registry's own settings",
    };
  if (variant.kind === "host" && variant.proxy === "traefik")
    yield {
      path,
      message: "traefik cannot ask which digest a tag names before a push; use proxy: caddy, or remove the key",
    };
  for (const { entry, index, first } of repeated(immutableTags, (each) => each))
    yield { path: [...path, index], input: entry, message: `is immutableTags[${first}], too; list it once` };
}
