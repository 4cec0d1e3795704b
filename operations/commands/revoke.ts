import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { print } from "../print.ts";

/** `registry revoke`: replaces an account's password, and ends the old one at once. */
export const revoke = defineCommand({
  meta: {
    name: "revoke",
    description: "Cut an account off at once: its password leaked",
    details: [
      "Its passwords and tokens are refused from the registry's next configuration on, and what pushes with",
      "them fails. All who have it from the stack get another one by the same pulumi up.",
      "Whoever shall have none at all is taken out of `accounts`. docs/rotation.md",
    ],
    examples: ["revoke jenkins", "revoke dana --password-stdin < new-password   # of the secret passwords"],
  },
  args: {
    ...commonArgs,
    account: { type: "positional", required: true, description: "Whose password" },
    "password-stdin": { type: "boolean", description: "Read the new password, for an account that gives its own" },
    verify: { type: "boolean", default: true, negativeDescription: "Do not ask the registry, unreachable from here" },
  },
  run: async ({ args }) => {
    const { revocation } = await import("../rotation/prepare.ts");
    const { revoke } = await import("../rotation/revoke.ts");

    const { stack, account, newPassword } = await revocation(args);
    await revoke(stack, account, { newPassword, verify: args.verify });
    print(args, { revoked: account, rotation: stack.rotations[account] }, `revoked: ${account} has another password`);
  },
});
