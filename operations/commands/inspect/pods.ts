import type { Manifest, Repository } from "../../contents/contents.ts";
import type { RunningImage } from "../../deletion/pods.ts";
import type { Inspection } from "./inspection.ts";

type Pods = NonNullable<Inspection["pods"]>;

/**
 * The pods and CronJobs that run an image of this repository. `tag`: the tag that was asked for, which a pod may have
 * pulled when it named another image.
 */
export function podsThatRun(
  running: readonly RunningImage[],
  { name: repository, manifests }: Repository,
  image: Manifest,
  tag: string | undefined,
): Pods {
  const own = [image, ...image.children.flatMap(({ digest }) => manifests.get(digest) ?? [])];
  const digests = new Set([
    ...image.children.map(({ digest }) => digest),
    ...own.flatMap(({ digest, config }) => [digest, ...(config ? [config.digest] : [])]),
  ]);
  const byDigest = running.filter(({ digest }) => digest !== undefined && digests.has(digest));
  const byTag = running.filter(({ tags }) => tag !== undefined && tags.includes(`${repository}:${tag}`));
  const pods = [
    ...byDigest.map((each) => ({ ...each, by: "digest" as const })),
    ...byTag.map((each) => ({ ...each, by: "tag" as const })),
  ].map(({ kind, namespace, name, by }) => ({ kind, namespace, name, by }));
  // A digest comes first, and says more: of the same pod's mentions only the first one counts.
  const first = new Map(pods.toReversed().map((each) => [`${each.kind} ${each.namespace}/${each.name}`, each]));
  return [...first.entries()].sort(([a], [b]) => a.localeCompare(b)).map(([, each]) => each);
}
