import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { liveStack } from "../live-stack.ts";
import { moveHost, moveText } from "../moving/move-host.ts";
import { print } from "../print.ts";

/** `registry move-host`: brings the registry to another host while pulls go on. */
export const moveHostCommand = defineCommand({
  meta: {
    name: "move-host",
    description: "Bring the registry's images and certificates to its new host",
    details: [
      "Variant host, whose connection leads to the new machine and whose oldHost, of kind read-only, to the old one.",
      "Copies while the old host takes pushes, runs pulumi up, after which the new one serves and the old one answers",
      "pulls alone, and copies what was pushed until then. Files go through this machine. If a step fails, the old",
      "host serves on, and move-host again goes on. docs/moving-a-host.md",
    ],
    examples: ["move-host"],
  },
  args: commonArgs,
  run: async ({ args }) => {
    const stack = await liveStack(args);
    const report = await moveHost(stack);
    print(args, report, moveText(report, stack.settings.containerRegistry.host));
  },
});
