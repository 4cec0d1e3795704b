import { setTimeout } from "node:timers/promises";
import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { exitCodes } from "../exit-codes.ts";
import { liveStack, stackName, stackOutputs } from "../live-stack.ts";
import { UsageError } from "../operation-error.ts";
import { print } from "../print.ts";
import { look } from "./status/look.ts";
import { statusReport } from "./status/report.ts";
import type { StatusReport } from "./status/status-report.ts";
import { statusText } from "./status/status-text.ts";

/** How long --watch waits between two looks, in seconds. */
const pauseSeconds = 5;

const clearScreen = "\u001b[H\u001b[2J";

/** `registry status`: says on one screen how the registry is. */
export const status = defineCommand({
  meta: {
    name: "status",
    description: "Say on one screen how the registry is: serving, certificate, disk, backups, accounts",
    details: [
      "Asks the registry as a client would, and its host, or its cluster, over the stack's connection; changes",
      "nothing. A part that does not answer takes ten seconds at most, and is one line. What somebody should",
      "see to stands at the end, with the next step: registry doctor looks closer. docs/health.md",
    ],
    examples: ["status", "status --watch   # again and again, until Ctrl-C", "status --json"],
    exits: {
      [exitCodes.done]: "all is well",
      [exitCodes.failed]: "the stack, or a part of it, could not be asked, and nothing else was found",
      [exitCodes.changesNeeded]: "somebody should see to something; the lines with ! say what",
    },
  },
  args: {
    ...commonArgs,
    watch: { type: "boolean", description: `Look again every ${pauseSeconds} seconds` },
  },
  run: async ({ args }) => {
    if (args.watch && args.json) throw new UsageError("--watch is for the eye; run status --json again instead");
    const name = await stackName(args);
    const [stack, outputs] = await Promise.all([liveStack({ ...args, stack: name }), stackOutputs({ name })]);
    for (;;) {
      const seen = await look(stack, outputs);
      const report = statusReport(stack, outputs, seen);
      const text = statusText(report, seen.now);
      if (!args.watch) {
        print(args, report, text);
        return exitCode(report);
      }
      console.log(
        `${process.stdout.isTTY ? clearScreen : ""}${text}\n\n${seen.now.toISOString()}, again in ${pauseSeconds} s`,
      );
      await setTimeout(pauseSeconds * 1000);
    }
  },
});

function exitCode({ attention, unknown }: StatusReport): number {
  if (attention.length > 0) return exitCodes.changesNeeded;
  return unknown.length > 0 ? exitCodes.failed : exitCodes.done;
}
