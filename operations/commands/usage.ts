import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { readWithProgress } from "../contents/read-with-progress.ts";
import { selectRepositories } from "../contents/select-repositories.ts";
import { sizesOf } from "../contents/sizes.ts";
import { plannedRetention } from "../deletion/delete-in-stack.ts";
import type { DeletionReport } from "../deletion/report.ts";
import { untaggedIn, withUntagged } from "../deletion/untagged/retention-contents.ts";
import { growthOf } from "../health/growth.ts";
import { isOwnRepository } from "../health/registry/push-target.ts";
import { liveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { print } from "../print.ts";
import { openRegistry } from "../registry-api/open-registry.ts";
import { type Disk, hostDisk } from "./usage/disk.ts";
import type { Usage } from "./usage/usage-report.ts";
import { usageText } from "./usage/usage-text.ts";

/** `registry usage`: says what each repository stores. */
export const usage = defineCommand({
  meta: {
    name: "usage",
    description: "Say how much each repository stores, and how full the disk is",
    details: [
      "Read through the registry's API, for every variant. ALONE is what no other repository has, SHARED is what",
      "others have, too; the total counts each layer once. What no tag leads to is on the disk, but in no repository",
      "here. Variant host is also asked how full its disk is and was, over its connection. With retention rules it",
      "says what they would free, apart from what pods of the stack's cluster run; for untaggedAfter it looks into",
      "the storage. docs/storage.md",
    ],
    examples: ["usage", "usage --no-disk --json"],
  },
  args: {
    ...commonArgs,
    disk: {
      type: "boolean",
      default: true,
      description: "Ask the host, and look into the storage",
      negativeDescription: "Ask the registry's API alone",
    },
    pods: { type: "boolean", default: true, description: "Ask the cluster", negativeDescription: "Ask no cluster" },
  },
  run: async ({ args }) => {
    const stack = await liveStack(args);
    using api = await openRegistry(stack);
    const contents = await readWithProgress(api, await selectRepositories(api, stack));
    const sizes = sizesOf(contents);
    // The registry goes on listing the repository that `registry doctor` pushes to, also when its image is deleted.
    sizes.repositories = sizes.repositories
      .filter(({ name, tags }) => tags > 0 || !isOwnRepository(name))
      .sort((a, b) => b.size - a.size || a.name.localeCompare(b.name));
    const looks = untaggedIn(stack.settings.retention) !== undefined;
    if (looks && !args.disk) console.error("what untaggedAfter would free, is not counted: --no-disk");
    const untagged =
      looks && args.disk
        ? await unlessUnknown("what untaggedAfter would free", () => withUntagged(stack, api, contents))
        : undefined;
    const planned = await unlessUnknown("what retention would free", () =>
      plannedRetention(stack, untagged ?? contents, args.pods),
    );
    const known = args.disk ? await unlessUnknown("how full the disk is", () => hostDisk(stack)) : undefined;
    const disk = known && diskUse(known, contents.denied.length === 0 ? sizes.size : undefined);
    const retention = planned && {
      tags: goingTags(planned),
      ...(untagged && { untagged: goingUntagged(planned) }),
      freedBytes: planned.freedBytes,
    };
    const result: Usage = { ...sizes, ...(disk && { disk }), ...(retention && { retention }) };
    print(args, result, usageText(result));
  },
});

/** The sizes of repositories are worth printing also where the host or the cluster cannot be asked. */
async function unlessUnknown<T>(what: string, find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    console.error(`${what}, is not known: ${error.message}`);
    return undefined;
  }
}

/** `tagged`: what the tags of all repositories lead to. */
function diskUse({ blobs, records, ...disk }: Disk, tagged: number | undefined): NonNullable<Usage["disk"]> {
  const growth = growthOf(records, disk.free);
  return {
    ...disk,
    others: Math.max(0, disk.used - blobs - disk.trash),
    ...(tagged !== undefined && { untagged: Math.max(0, blobs - tagged) }),
    ...(growth && { growthPerDay: growth.perDay }),
    ...(growth?.daysUntilFull !== undefined && { daysUntilFull: growth.daysUntilFull }),
  };
}

function goingTags({ repositories }: DeletionReport): number {
  const counts = repositories.map(
    ({ deleted, tagsAlone }) => [tagsAlone, ...deleted.map(({ tags }) => tags)].flat().length,
  );
  return counts.reduce((sum, each) => sum + each, 0);
}

function goingUntagged({ repositories }: DeletionReport): number {
  return repositories.flatMap(({ deleted }) => deleted.filter(({ pushed }) => pushed !== undefined)).length;
}
