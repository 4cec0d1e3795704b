import { defineCommand } from "citty";
import { z } from "zod";
import { notifyProgramPath } from "../../hosts/notify/notify-program.ts";
import { commonArgs } from "../common-args.ts";
import { liveStack } from "../live-stack.ts";
import { runHostProgram } from "../machines/host-program.ts";
import { print } from "../print.ts";

/** What the program on the host prints: how many things are wrong, and of how many it told somebody. */
const Report = z.object({ found: z.int(), told: z.int() });

/** `registry notify`: looks for what is wrong on the registry host, and tells it as the stack file says. */
export const notify = defineCommand({
  meta: {
    name: "notify",
    description: "Tell what is wrong on the registry host, as its timer does every hour",
    details: [
      "Sends a message by `notify` of the stack file for each thing that is wrong or ends soon, and that nobody was",
      "told of today. Exit code 0 also where something is wrong: the message has it. docs/monitoring.md",
    ],
    examples: ["notify --test   # sends a test message", "notify"],
  },
  args: {
    ...commonArgs,
    test: { type: "boolean", description: "Only send a test message" },
  },
  run: async ({ args }) => {
    const program = { path: notifyProgramPath, key: "notify" } as const;
    const output = await runHostProgram(await liveStack(args), program, args.test ? ["--test"] : []);
    const report = Report.parse(JSON.parse(output));
    print(args, report, args.test ? "sent: a test message" : `wrong: ${report.found}; told now: ${report.told}`);
  },
});
