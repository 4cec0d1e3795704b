import { defineCommand } from "citty";
import type { Collected } from "../collection/collected.ts";
import { commonArgs } from "../common-args.ts";
import { durationSeconds } from "../duration.ts";
import { UsageError } from "../operation-error.ts";
import { print } from "../print.ts";
import { sizeText } from "../size-text.ts";

/** `registry collect`: frees the space of deleted images, or puts back what was collected. */
export const collect = defineCommand({
  meta: {
    name: "collect",
    description: "Free the space of deleted images, while clients push and pull",
    details: [
      "Moves the blobs that no manifest references into a trash beside the images. After graceDays the",
      "trash is emptied. Reads go on; writes wait for less than a second. docs/storage.md",
    ],
    examples: [
      "collect --dry-run   # says how much it would free",
      "collect",
      "collect --undo   # puts back everything that is in the trash",
      "collect --purge-trash   # for a full disk: nothing can be put back afterwards",
    ],
  },
  args: {
    ...commonArgs,
    "dry-run": { type: "boolean", description: "Change nothing" },
    "min-age": {
      type: "string",
      valueHint: "TIME",
      default: "24h",
      description: "How long a blob stays after its last upload or mount, as in 90s, 10m, 24h",
    },
    wait: {
      type: "string",
      valueHint: "TIME",
      default: "10m",
      description: "How long pushes under way may take to reference a candidate, longer than the longest push",
    },
    undo: { type: "boolean", description: "Put blobs back from the trash: DIGEST, or all" },
    digest: { type: "positional", required: false, description: "With --undo: the blob, as in sha256:…" },
    "purge-trash": { type: "boolean", description: "Empty the trash now, without collecting" },
  },
  run: async ({ args }) => {
    const tasks = [args["dry-run"], args.undo, args["purge-trash"]].filter(Boolean);
    if (tasks.length > 1) throw new UsageError("--dry-run, --undo or --purge-trash, not several");
    if (args.digest !== undefined && !args.undo) throw new UsageError("a digest goes with --undo");
    if (args.digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(args.digest))
      throw new UsageError("the digest is sha256: and 64 of 0-9 and a-f");
    const minAge = durationSeconds(args["min-age"], "--min-age");
    const wait = durationSeconds(args.wait, "--wait");
    const { liveStack } = await import("../live-stack.ts");
    const { collectGarbage } = await import("../collection/collect-garbage.ts");

    const times = ["--min-age", String(minAge), "--wait", String(wait)];
    const options = {
      "--dry-run": args["dry-run"],
      "--undo": args.undo,
      "--purge": args["purge-trash"],
    };
    const task = Object.entries(options).flatMap(([option, given]) => (given ? [option] : []));
    const digests = args.digest === undefined ? [] : [args.digest];
    const collected = await collectGarbage(await liveStack(args), [...times, ...task, ...digests]);
    print(args, collected, text(collected, task[0]));
  },
});

function text({ candidates, movedBlobs, bytes, putBack, emptiedBytes }: Collected, task: string | undefined): string {
  if (task === "--dry-run") return `would collect: ${candidates} blobs, ${sizeText(bytes)}`;
  if (task === "--undo") return `put back: ${putBack} blobs`;
  if (task === "--purge") return `freed: ${sizeText(emptiedBytes)}`;
  return `in the trash: ${movedBlobs} more blobs, ${sizeText(bytes)}; freed from it: ${sizeText(emptiedBytes)}`;
}
