import { probeRepository } from "../../settings/formats/image-reference.ts";
import { splitImmutableTag } from "../../settings/immutable-tags.ts";
import type { Contents } from "../contents/contents.ts";
import { repositoryMatches, tagMatches } from "../contents/globs.ts";
import type { LiveStack } from "../live-stack.ts";
import { openRegistry } from "../registry-api/open-registry.ts";
import { clusterImages } from "./cluster.ts";
import { type DeletionOptions, deleteSelected } from "./delete-selected.ts";
import { noneInUse } from "./in-use.ts";
import { imagesInUse } from "./pods.ts";
import type { DeletionReport } from "./report.ts";
import type { Selection } from "./selection.ts";

/**
 * Deletes what `select` selects in the registry of a stack, except what the pods of its cluster run. `pods`: whether to
 * ask the cluster.
 */
export async function deleteInStack(
  stack: LiveStack,
  select: (contents: Contents) => Selection,
  { pods, ...options }: DeletionOptions & { pods: boolean },
): Promise<DeletionReport> {
  // The cluster first: where it cannot be asked, nobody waits for the registry in vain.
  const running = pods ? await clusterImages(stack) : undefined;
  const known = running === undefined ? "no cluster" : "retained";
  const inUse = { ...(running ? imagesInUse(running) : noneInUse), isImmutable: immutableIn(stack.settings) };
  using registry = await openRegistry(stack);
  const selected = (contents: Contents) =>
    options.strict ? select(contents) : withoutProbe(select(contents), stack.settings);
  return deleteSelected(registry, selected, { ...options, pods: pods ? known : "not asked", inUse });
}

function immutableIn({ immutableTags }: LiveStack["settings"]) {
  const globs = immutableTags.map(splitImmutableTag);
  return (repository: string, tag: string) =>
    globs.some((each) => repositoryMatches(each.repository, repository) && tagMatches(each.tag, tag));
}

/** A selection by globs, without the image that `up` pushes for nodes to prove that they can pull. */
function withoutProbe(selection: Selection, { containerRegistry }: LiveStack["settings"]): Selection {
  const probe = probeRepository(containerRegistry);
  return new Map([...selection].filter(([name]) => name !== probe));
}
