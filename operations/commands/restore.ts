import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { exitCodes } from "../exit-codes.ts";
import { print } from "../print.ts";

/** `registry restore`: adds what the live storage lacks or has damaged from a backup. */
export const restore = defineCommand({
  meta: {
    name: "restore",
    description: "Bring images back from the backup, or mend damaged ones",
    details: [
      "Adds what the registry lacks or has damaged, and leaves everything else as it is: newer pushes stay,",
      "and what was deleted since the backup comes back. Blobs are re-hashed before anything names them.",
      "An image brings back that tag alone, with its platforms, layers and signatures, also where it was pushed again.",
      "On a new host or volume: pulumi up first. docs/storage.md",
    ],
    examples: [
      "restore",
      "restore --at 2027-01-15T02:30:00Z",
      "restore --repository 'docker-internal/team-a/**'",
      "restore docker-internal/team-a/app:1.4",
    ],
  },
  args: {
    ...commonArgs,
    at: { type: "string", valueHint: "TIME", description: "From the newest backup until then, in ISO 8601" },
    image: { type: "positional", required: false, description: "REPOSITORY:TAG: only that tag" },
    repository: { type: "string", valueHint: "GLOB", description: "Only repositories that match. All unless given" },
  },
  run: async ({ args }) => {
    const { liveStack } = await import("../live-stack.ts");
    const { restore, restoreText } = await import("../backup/restore.ts");
    const report = await restore(await liveStack(args), args);
    print(args, report, restoreText(report));
    return report.problems.length === 0 ? exitCodes.done : exitCodes.failed;
  },
});
