import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "./program-error.ts";
import type { Settings } from "./settings.ts";

/** What a stack file may say although nothing serves it yet. Landing one is deleting its line. */
const notLanded: { asked: (settings: Settings) => boolean; what: string }[] = [
  { asked: ({ garbageCollection }) => garbageCollection !== undefined, what: "garbageCollection" },
  { asked: ({ backup }) => backup !== undefined, what: "backup" },
  { asked: ({ notify }) => notify !== undefined, what: "notify" },
];

/** Stops the program with one sentence where the stack file asks for what nothing serves yet. */
export function requireLanded(settings: Settings): void {
  const asked = notLanded.filter((each) => each.asked(settings)).map(({ what }) => what);
  if (asked.length === 0) return;
  const stack = pulumi.getStack();
  throw new ProgramError(
    `stack ${stack}: not available yet: ${asked.join(", ")}; leave out of Pulumi.${stack}.yaml what CHANGELOG.md does not list`,
  );
}
