import { defineCommand } from "citty";
import type { Step } from "../../../jenkins/compare.ts";
import { nameOf } from "../../../jenkins/credential.ts";
import { commonArgs } from "../../common-args.ts";
import { exitCodes } from "../../exit-codes.ts";
import { jenkinsDrift } from "../../jenkins-drift.ts";
import { liveStack, stackOutputs } from "../../live-stack.ts";
import { print } from "../../print.ts";

/** `registry sync jenkins`: repairs the stack's credentials in Jenkins. */
export const syncJenkins = defineCommand({
  meta: {
    name: "jenkins",
    description: "Put right what somebody changed or deleted among the stack's Jenkins credentials",
    details: [
      "Compares what Jenkins tells: which entries there are, their type, user name and description. What differs is",
      "written as the stack file and the last up have it, what the stack made and no longer wants is deleted, and what",
      "somebody else made is left. Jenkins never tells a secret: --rewrite writes every entry anew. docs/jenkins.md",
    ],
    examples: [
      "sync jenkins --check   # look only; exit code 3 where something differs",
      "sync jenkins",
      "sync jenkins --rewrite   # somebody may have changed a password",
    ],
  },
  args: {
    ...commonArgs,
    check: { type: "boolean", description: "Look only" },
    rewrite: { type: "boolean", description: "Write what seems right as well, for its secret may not be" },
  },
  run: async ({ args }) => {
    const stack = await liveStack(args);
    const drift = await jenkinsDrift(stack, await stackOutputs(stack));
    const steps = drift.steps
      .map(
        (step): Step =>
          args.rewrite && step.action === "keep" ? { ...step, action: "update", why: "asked for" } : step,
      )
      .filter(({ action }) => action !== "keep");
    if (!args.check) await drift.mend(steps);

    const differences = steps.map(({ action, entry, why }) => ({ action, entry: nameOf(entry), why }));
    const lines = differences.map(
      ({ action, entry, why }) => `${args.check ? todo[action] : done[action]} ${entry}: ${why}`,
    );
    const nothing = "Jenkins has what the stack wants, as far as it tells";
    print(args, { checked: args.check ?? false, differences }, lines.length === 0 ? nothing : lines.join("\n"));
    return args.check && steps.length > 0 ? exitCodes.changesNeeded : exitCodes.done;
  },
});

const todo = { create: "to create", update: "to update", remove: "to delete", keep: "right" } as const;
const done = { create: "created", update: "updated", remove: "deleted", keep: "right" } as const;
