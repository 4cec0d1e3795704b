import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../operation-error.ts";
import { print } from "../print.ts";

/** `registry backup`: copies images and certificates to where the stack's backups are. */
export const backup = defineCommand({
  meta: {
    name: "backup",
    description: "Back up images and certificates now, while pushes go on",
    details: [
      "Copies what is new to the restic repository of the key `backup`, as its schedule does by itself,",
      "and says until which second it covers every push.",
      "`backup verify` checks the live storage, restores the newest backup beside it, re-hashes every blob,",
      "pulls everything by digest from a second registry, and names the images that a problem hurts. docs/storage.md",
    ],
    examples: ["backup", "backup verify", "backup verify --sample 10%", "backup --stack prod --json"],
  },
  args: {
    ...commonArgs,
    task: { type: "positional", required: false, description: "`verify` checks backup and live storage instead" },
    sample: {
      type: "string",
      valueHint: "PERCENT",
      description: "With verify: restore a random share of the tags, as in 10%, instead of all",
    },
  },
  run: async ({ args }) => {
    if (args.task !== undefined && args.task !== "verify")
      throw new UsageError(`unknown task ${JSON.stringify(args.task)}; there is verify`);
    if (args.sample !== undefined && args.task !== "verify") throw new UsageError("--sample goes with verify");
    const { liveStack } = await import("../live-stack.ts");
    if (args.task === "verify") {
      const { verifyBackup, verifyText } = await import("../backup/verify.ts");
      const report = await verifyBackup(await liveStack(args), args.sample);
      print(args, report, verifyText(report));
      return report.problems.length === 0 ? exitCodes.done : exitCodes.failed;
    }
    const { backUp, backupText } = await import("../backup/back-up.ts");
    const report = await backUp(await liveStack(args));
    print(args, report, backupText(report));
    return exitCodes.done;
  },
});
