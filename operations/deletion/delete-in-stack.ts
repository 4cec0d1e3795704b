import { probeRepository } from "../../settings/formats/image-reference.ts";
import { splitImmutableTag } from "../../settings/immutable-tags.ts";
import type { Contents } from "../contents/contents.ts";
import { repositoryMatches, tagMatches } from "../contents/globs.ts";
import type { LiveStack } from "../live-stack.ts";
import { openRegistry } from "../registry-api/open-registry.ts";
import { clusterImages } from "./cluster.ts";
import { type DeletionOptions, deleteSelected, type HeldImages, planSelected } from "./delete-selected.ts";
import { noneInUse } from "./in-use.ts";
import { imagesInUse } from "./pods.ts";
import { type DeletionReport, deletionReport } from "./report.ts";
import { type Selection, selectByRules } from "./selection.ts";
import { UntaggedFinder } from "./untagged/find-untagged.ts";
import { openStorage } from "./untagged/open-storage.ts";

type StackDeletionOptions = Omit<DeletionOptions, "untagged"> & {
  /** Whether to ask the cluster. */
  pods: boolean;
  /** In which repositories to look for manifests without a tag. @default in none */
  untaggedIn?: ((repository: string) => boolean) | undefined;
};

/** Deletes what `select` selects in the registry of a stack, except what the pods of its cluster run. */
export async function deleteInStack(
  stack: LiveStack,
  select: (contents: Contents) => Selection,
  { pods, untaggedIn, ...options }: StackDeletionOptions,
): Promise<DeletionReport> {
  // The cluster first: where it cannot be asked, nobody waits for the registry in vain.
  const held = await heldImages(stack, pods);
  using registry = await openRegistry(stack);
  const selected = (contents: Contents) =>
    options.strict ? select(contents) : withoutProbe(select(contents), stack.settings);
  await using storage = untaggedIn && (await openStorage(stack));
  const untagged = storage && untaggedIn && new UntaggedFinder(registry, storage, untaggedIn);
  // Awaited here: registry and storage are closed when this function returns.
  return await deleteSelected(registry, selected, { ...options, ...held, untagged });
}

/** What `registry retain` would delete now; undefined for a stack without rules. `pods`: whether to ask the cluster. */
export async function plannedRetention(
  stack: LiveStack,
  contents: Contents,
  pods: boolean,
): Promise<DeletionReport | undefined> {
  const { retention } = stack.settings;
  if (retention.length === 0) return undefined;
  const { inUse, pods: known } = await heldImages(stack, pods);
  const selection = withoutProbe(selectByRules(contents, retention, new Date()), stack.settings);
  const plans = planSelected(contents, selection, inUse);
  return deletionReport({ ...{ plans, selection, pods: known }, repositories: contents.repositories, dryRun: true });
}

/** What no deletion in this stack may touch. `pods`: whether to ask the cluster. */
async function heldImages(stack: LiveStack, pods: boolean): Promise<HeldImages> {
  const running = pods ? await clusterImages(stack) : undefined;
  const known = running === undefined ? "no cluster" : "retained";
  const inUse = { ...(running ? imagesInUse(running) : noneInUse), isImmutable: immutableIn(stack.settings) };
  return { inUse, pods: pods ? known : "not asked" };
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
