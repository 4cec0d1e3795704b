import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { deletionArgs } from "../deletion/options.ts";
import { OperationError } from "../operation-error.ts";
import { print } from "../print.ts";

/** `registry retain`: deletes the images that the stack file's retention rules do not keep. */
export const retain = defineCommand({
  meta: {
    name: "retain",
    description: "Delete the images that the stack file's rules do not keep",
    details: [
      "The rules are the stack file's `retention`; repositories that no rule matches are left alone.",
      "--dry-run says what would go, and why each of the others stays. It does not ask: a schedule runs it.",
      "What a pod runs stays, and so does all that something that stays needs. docs/storage.md",
    ],
    examples: ["retain --dry-run   # what would go, and why the others stay", "retain --stack prod"],
  },
  args: { ...commonArgs, ...deletionArgs },
  run: async ({ args }) => {
    const { liveStack } = await import("../live-stack.ts");
    const { deleteInStack } = await import("../deletion/delete-in-stack.ts");
    const { selectByRules } = await import("../deletion/selection.ts");
    const { untaggedIn } = await import("../deletion/untagged/retention-contents.ts");
    const { reportText } = await import("../deletion/report-text.ts");

    const stack = await liveStack(args);
    const { retention } = stack.settings;
    if (retention.length === 0)
      throw new OperationError(
        `stack ${stack.name} has no rules, so every image stays; write some into its stack file: container-registry:retention: [{ repositories: "**", keepLast: 10 }]`,
      );
    const dryRun = args["dry-run"] ?? false;
    const report = await deleteInStack(stack, (contents) => selectByRules(contents, retention, new Date()), {
      dryRun,
      pods: args.pods,
      untaggedIn: untaggedIn(retention),
      asks: false,
      strict: false,
    });
    print(args, report, reportText(report, { details: dryRun }));
  },
});
