import { defineCommand } from "citty";
import type { z } from "zod";
import { commonArgs } from "../common-args.ts";
import { readWithProgress } from "../contents/read-with-progress.ts";
import { selectRepositories } from "../contents/select-repositories.ts";
import { liveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { print } from "../print.ts";
import { openRegistry } from "../registry-api/open-registry.ts";
import { sizeText } from "../size-text.ts";
import { textTable } from "../text-table.ts";
import { imageFilter, sortings } from "./images/filter.ts";
import { type ImageList, type ListedImage, listedImages } from "./images/image-list.ts";
import { loggedPushes, type Push } from "./images/pushes.ts";

/** `registry images`: lists tags with what they name. */
export const images = defineCommand({
  meta: {
    name: "images",
    description: "List the images of the registry: tag, digest, size, platforms, age",
    details: [
      "Read through the registry's API, for every variant. SIZE is what all platforms of an image take, each",
      "layer counted once; layers that several images share are in the size of each. docs/storage.md",
    ],
    examples: [
      "images                                      # all of them",
      "images 'team-a/**' --sort size              # the largest first",
      "images team-a/app --tag 'v1.*' --older-than 30d",
    ],
  },
  args: {
    ...commonArgs,
    repository: {
      type: "positional",
      required: false,
      description: "A repository, or a glob: * is one segment, ** any number. All unless given",
    },
    tag: { type: "string", valueHint: "GLOB", description: "Only these tags; * is any characters" },
    platform: { type: "string", valueHint: "OS/ARCH", description: "Only images for this platform, as in linux/arm64" },
    "older-than": { type: "string", valueHint: "TIME", description: "Only images built longer ago, as in 30d" },
    sort: { type: "enum", options: Object.keys(sortings), default: "name", description: "Largest or newest first" },
    pushed: { type: "boolean", description: "Also who pushed each tag and when, by a registry host's access log" },
    all: { type: "boolean", description: "Also tags sha256-…, which only hold signatures and the like" },
  },
  run: async ({ args }) => {
    const filter = imageFilter(args, new Date());
    const stack = await liveStack(args);
    const pushes = args.pushed ? await loggedPushes(stack) : new Map<string, Push>();
    using api = await openRegistry(stack);
    const names = await selectRepositories(api, stack, args.repository);
    const contents = await readWithProgress(api, names);
    const [only] = contents.denied;
    if (only && contents.repositories.length === 0) throw only;
    if (contents.repositories.length === 0 && args.repository !== undefined)
      throw new OperationError(`${api.url} has no repository ${args.repository}; those it has: registry images`);
    const listed = listedImages(contents, args.all ?? false)
      .filter(filter)
      .map((image) => withPush(image, pushes))
      .sort(sortings[args.sort as keyof typeof sortings]);
    print(args, { images: listed } satisfies z.output<typeof ImageList>, imagesText(listed, args.pushed ?? false));
  },
});

function withPush(image: ListedImage, pushes: ReadonlyMap<string, Push>): ListedImage {
  const push = pushes.get(`${image.repository}:${image.tag}`);
  return push === undefined ? image : { ...image, pushed: { by: push.by, at: push.at.toISOString() } };
}

/** `pushed`: whether there are columns for that. */
function imagesText(listed: readonly ListedImage[], pushed: boolean): string {
  if (listed.length === 0) return "no images";
  const rows = listed.map(({ repository, tag, digest, size, created, platforms, artifactType, pushed: push }) => [
    `${repository}:${tag}`,
    digest.slice(0, "sha256:".length + 12),
    sizeText(size),
    created?.slice(0, 10) ?? "",
    ...(pushed ? [push?.at.slice(0, 16).replace("T", " ") ?? "", push?.by ?? ""] : []),
    platforms.join(", ") || (artifactType ?? ""),
  ]);
  return textTable(["IMAGE", "DIGEST", "SIZE", "CREATED", ...(pushed ? ["PUSHED", "BY"] : []), "PLATFORMS"], rows, [
    "SIZE",
  ]);
}
