import { StackKeys } from "./stack-keys.ts";
import { validateSettings } from "./validation.ts";

/** The settings of a stack file: each key is valid by itself, and the rules that concern several keys hold. */
export const Settings = StackKeys.check(({ value, issues }) => {
  // `continue` lets later checks run after a problem, so that one error lists all problems.
  for (const { path, input, message } of validateSettings(value))
    issues.push({ code: "custom", continue: true, path, input, message });
});

export type Settings = StackKeys;
