import { z } from "zod";
import { imageName } from "../contents/image-name.ts";
import type { ImagesInUse } from "./in-use.ts";

/** An image that a pod runs, or that a CronJob starts next time. */
export type RunningImage = {
  kind: "pod" | "cronjob";
  namespace: string;
  name: string;
  /** Of a manifest or of an image's config: container runtimes report either. */
  digest?: string;
  /** `REPOSITORY:TAG`, with its first segment and without it, which may be a registry's host. */
  tags: readonly string[];
};

const Container = z.object({ image: z.string().optional(), imageID: z.string().optional() });
const Containers = z.array(Container).default([]);
const PodSpec = z.object({ containers: Containers, initContainers: Containers, ephemeralContainers: Containers });
const Item = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().default("") }),
  spec: z.object({
    ...PodSpec.shape,
    jobTemplate: z.object({ spec: z.object({ template: z.object({ spec: PodSpec }) }) }).optional(),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      containerStatuses: Containers,
      initContainerStatuses: Containers,
      ephemeralContainerStatuses: Containers,
    })
    .optional(),
});
const List = z.object({ items: z.array(Item) });

/**
 * The images of a `kubectl get pods,cronjobs -o json`, without those of pods that ended. The registry's host is
 * ignored, since nodes may know the registry by other names: an image of another registry that has the same name counts.
 */
export function runningImages(json: unknown): RunningImage[] {
  const items = List.parse(json).items.filter(({ status }) => !ended.includes(status?.phase ?? ""));
  return items.flatMap((item) =>
    imagesOf(item).map((image) => {
      const [digest] = /sha256:[0-9a-f]{64}/.exec(image) ?? [];
      const { name, namespace } = item.metadata;
      const kind = item.kind === "CronJob" ? "cronjob" : "pod";
      return { kind, namespace, name, ...(digest && { digest }), tags: tagNames(image) };
    }),
  );
}

/** These images as a deletion leaves them. */
export function imagesInUse(running: readonly RunningImage[]): ImagesInUse {
  const digests = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const { kind, namespace, name, digest, tags: names } of running) {
    const user = `${kind} ${namespace}/${name}`;
    if (digest !== undefined) digests.set(digest, user);
    for (const each of names) tags.set(each, user);
  }
  return { digests, tags };
}

const ended = ["Succeeded", "Failed"];

function imagesOf({ spec, status }: z.output<typeof Item>): string[] {
  const job = spec.jobTemplate?.spec.template.spec;
  const containers = [spec, ...(job ? [job] : [])].flatMap((each) => [
    ...each.containers,
    ...each.initContainers,
    ...each.ephemeralContainers,
  ]);
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  const statuses = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  return [...containers, ...statuses].flatMap(({ image, imageID }) => [image ?? [], imageID ?? []].flat());
}

/** `REPOSITORY:TAG` of an image, whether or not its first segment is a registry's host. */
function tagNames(image: string): string[] {
  const [first = "", ...rest] = image.replace(/^docker(-pullable)?:\/\//, "").split("/");
  return [[first, ...rest], rest].flatMap((segments) => {
    const { repository, tag, digest } = imageName(segments.join("/")) ?? {};
    if (repository === undefined || (tag === undefined && digest !== undefined)) return [];
    return [`${repository}:${tag ?? "latest"}`];
  });
}
