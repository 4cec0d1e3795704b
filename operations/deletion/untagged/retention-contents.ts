import type { RetentionRule } from "../../../settings/retention.ts";
import type { Contents } from "../../contents/contents.ts";
import type { LiveStack } from "../../live-stack.ts";
import type { RegistryApi } from "../../registry-api/registry-api.ts";
import { ruleFor } from "../selection.ts";
import { UntaggedFinder } from "./find-untagged.ts";
import { openStorage } from "./open-storage.ts";

/** In which repositories rules delete manifests without a tag; undefined if no rule does. */
export function untaggedIn(rules: readonly RetentionRule[]): ((repository: string) => boolean) | undefined {
  if (rules.every(({ untaggedAfter }) => untaggedAfter === undefined)) return undefined;
  return (repository) => ruleFor(rules, repository)?.untaggedAfter !== undefined;
}

/** What a stack's registry holds, and the manifests without a tag wherever a rule deletes such. Asks the storage for these. */
export async function withUntagged(stack: LiveStack, registry: RegistryApi, contents: Contents): Promise<Contents> {
  const applies = untaggedIn(stack.settings.retention);
  if (applies === undefined) return contents;
  await using storage = await openStorage(stack);
  return { repositories: await new UntaggedFinder(registry, storage, applies).inAll(contents.repositories) };
}
