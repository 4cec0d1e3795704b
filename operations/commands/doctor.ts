import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { exitCodes } from "../exit-codes.ts";
import { diagnose } from "../health/diagnose.ts";
import type { Finding } from "../health/finding.ts";
import { storageTarget } from "../health/images/storage-target.ts";
import { appliedState } from "../health/machines/applied-commands.ts";
import { fixFindings } from "../health/machines/fix-findings.ts";
import { lookAfterFix } from "../health/machines/look-after-fix.ts";
import { liveStack, stackOutputs } from "../live-stack.ts";
import { UsageError } from "../operation-error.ts";
import { print } from "../print.ts";
import type { DoctorReport } from "./doctor/doctor-report.ts";
import { doctorText } from "./doctor/doctor-text.ts";

/** `registry doctor`: finds what is wrong in a live stack, and says what mends it. */
export const doctor = defineCommand({
  meta: {
    name: "doctor",
    description: "Find what is wrong with the registry and its nodes, and the command that mends it",
    details: [
      "Asks each part as its users do: the registry by name, TLS, logins, and a tiny image that is pushed,",
      "pulled and deleted; its host over SSH for containers, disk and timers; each node for its runtime;",
      "Jenkins and the cluster for credentials. Each file and object that up wrote is compared with what is",
      "there now. A part that does not answer is one finding. A problem that follows from another one is",
      "listed below that one. Without --fix nothing is mended. With --deep each blob is also hashed where it",
      "lies, and each reference resolved, while clients push and pull: at low priority, as long as the disk",
      "takes. docs/health.md",
    ],
    examples: [
      "doctor",
      "doctor --node node-1   # this node alone",
      "doctor --deep   # and read every image whole",
      "doctor --fix   # apply the last up once more where hosts or nodes differ from it",
    ],
    exits: {
      [exitCodes.done]: "nothing was found",
      [exitCodes.failed]: "the stack could not be read, so nothing was asked; the message says why",
      [exitCodes.changesNeeded]: "something was found; with --fix: something is left",
    },
  },
  args: {
    ...commonArgs,
    node: { type: "string", valueHint: "NAME", description: "Ask this node alone" },
    deep: { type: "boolean", description: "Also hash every blob of the registry, and resolve every reference" },
    fix: { type: "boolean", description: "Mend what can be mended without a decision, and look again" },
  },
  run: async ({ args }) => {
    if (args.deep && (args.fix || args.node !== undefined))
      throw new UsageError("--deep reads the whole registry and mends nothing; run it without --fix and --node");
    const stack = await liveStack(args);
    if (args.deep) storageTarget(stack);
    const [outputs, state] = await Promise.all([stackOutputs(stack), appliedState(stack)]);
    const look = () => diagnose(stack, outputs, state, args);
    const first = await look();
    const fixable = args.fix ? first.findings.filter((finding: Finding) => finding.fixable) : [];
    const fixed = fixable.length > 0 ? await fixFindings(stack, state, fixable) : undefined;
    const report: DoctorReport = fixed === undefined ? first : { ...(await lookAfterFix(look)), fixed };
    print(args, report, doctorText(report));
    return report.findings.length > 0 ? exitCodes.changesNeeded : exitCodes.done;
  },
});
