import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { durationSeconds } from "../duration.ts";
import { UsageError } from "../operation-error.ts";
import { print } from "../print.ts";

/** `registry rotate`: replaces passwords; the old and the new one both work while consumers change over. */
export const rotate = defineCommand({
  meta: {
    name: "rotate",
    description: "Give accounts another password, without a failed push",
    details: [
      "Makes a new password beside the old one, runs pulumi up, which brings it to the registry and then",
      "to all who have it from the stack, waits for what began with the old one, and runs up again, after",
      "which the old password and its token are refused. up applies whatever else the stack file asks for.",
      "Where it stands is in the stack file: interrupted, `rotate` goes on from there. docs/rotation.md",
    ],
    examples: [
      "rotate --account jenkins",
      "rotate --all --overlap 1h   # where pushes take longer",
      "rotate   # goes on with what was interrupted",
      "rotate --account dana --password-stdin < new-password   # of the secret passwords",
    ],
  },
  args: {
    ...commonArgs,
    account: { type: "string", valueHint: "NAME", description: "Whose password" },
    all: { type: "boolean", description: "Every account whose password is generated" },
    overlap: {
      type: "string",
      valueHint: "TIME",
      default: "10m",
      description: "How long both work once consumers have the new one, as in 90s, 10m, 1h",
    },
    "keep-previous": { type: "boolean", description: "Stop with both in force; rotate ends it later" },
    "password-stdin": { type: "boolean", description: "Read the new password, for an account that gives its own" },
    verify: { type: "boolean", default: true, negativeDescription: "Do not ask the registry, unreachable from here" },
  },
  run: async ({ args }) => {
    if (args.all && args.account !== undefined) throw new UsageError("--account or --all, not both");
    const overlapSeconds = durationSeconds(args.overlap, "--overlap");
    const { rotation } = await import("../rotation/prepare.ts");
    const { rotate } = await import("../rotation/rotate.ts");
    const { isHalf } = await import("../rotation/steps.ts");

    const { stack, accounts, newPassword } = await rotation(args);
    const keepPrevious = args["keep-previous"] ?? false;
    await rotate(stack, { accounts, newPassword, overlapSeconds, keepPrevious, verify: args.verify });
    const rotations = Object.fromEntries(accounts.map((account) => [account, stack.rotations[account]]));
    const both = accounts.filter((account) => isHalf(stack, account));
    const done = both.length > 0 ? `both passwords work: ${both.join(", ")}` : `rotated: ${accounts.join(", ")}`;
    print(args, { rotations }, accounts.length === 0 ? "no rotation was under way" : done);
  },
});
