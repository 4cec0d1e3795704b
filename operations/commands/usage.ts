import { defineCommand } from "citty";
import { z } from "zod";
import { commonArgs } from "../common-args.ts";
import { readWithProgress } from "../contents/read-with-progress.ts";
import { selectRepositories } from "../contents/select-repositories.ts";
import { sizesOf } from "../contents/sizes.ts";
import { type LiveStack, liveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { print } from "../print.ts";
import { openRegistry } from "../registry-api/open-registry.ts";
import { sizeText } from "../size-text.ts";
import { textTable } from "../text-table.ts";
import { type Disk, hostDisk } from "./usage/disk.ts";

/** What `registry usage --json` prints. Sizes are in bytes. Fields may be added, none is removed. */
export const Usage = z.object({
  repositories: z.array(
    z.object({
      name: z.string(),
      tags: z.int(),
      images: z.int(),
      size: z.int(),
      alone: z.int(),
      shared: z.int(),
    }),
  ),
  /** All repositories together: each blob counts once. */
  size: z.int(),
  /** Of variant host, where its machine could be asked. */
  disk: z.object({ path: z.string(), size: z.int(), used: z.int(), free: z.int() }).optional(),
});

type Usage = z.output<typeof Usage>;

/** `registry usage`: says what each repository stores. */
export const usage = defineCommand({
  meta: {
    name: "usage",
    description: "Say how much each repository stores, and how full the disk is",
    details: [
      "Read through the registry's API, for every variant. ALONE is what no other repository has, SHARED is what",
      "others have, too; the total counts each layer once. What no tag leads to is on the disk, but in no repository",
      "here. Variant host is also asked how full its disk is, over its connection. docs/storage.md",
    ],
    examples: ["usage", "usage --no-disk --json"],
  },
  args: {
    ...commonArgs,
    disk: { type: "boolean", default: true, description: "Ask the host", negativeDescription: "Connect to no host" },
  },
  run: async ({ args }) => {
    const stack = await liveStack(args);
    using api = await openRegistry(stack);
    const contents = await readWithProgress(api, await selectRepositories(api, stack));
    const sizes = sizesOf(contents);
    sizes.repositories.sort((a, b) => b.size - a.size || a.name.localeCompare(b.name));
    const disk = args.disk ? await diskOf(stack) : undefined;
    const result: Usage = { ...sizes, ...(disk && { disk }) };
    print(args, result, usageText(result));
  },
});

/** The sizes of repositories are worth printing also where the host cannot be asked. */
async function diskOf(stack: LiveStack): Promise<Disk | undefined> {
  try {
    return await hostDisk(stack);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    console.error(`how full the disk is, is not known: ${error.message}`);
    return undefined;
  }
}

function usageText({ repositories, size, disk }: Usage): string {
  const rows = repositories.map(({ name, tags, images, size, alone, shared }) => [
    ...[name, String(tags), String(images)],
    ...[size, alone, shared].map(sizeText),
  ]);
  const numbers = ["TAGS", "IMAGES", "SIZE", "ALONE", "SHARED"];
  const full = disk && `${sizeText(disk.used)} used, ${sizeText(disk.free)} free of ${sizeText(disk.size)}`;
  return [
    ...(rows.length > 0 ? [textTable(["REPOSITORY", ...numbers], rows, numbers), ""] : []),
    `${repositories.length} repositories, ${sizeText(size)} together`,
    ...(disk ? [`disk of ${disk.path}: ${full}`] : []),
  ].join("\n");
}
