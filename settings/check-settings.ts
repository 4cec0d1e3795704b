import { type Problem, withoutSecrets } from "./errors/problems.ts";
import { parseWithProblems } from "./errors/zod-problems.ts";
import { type ClearSecrets, isSecretName, secretKeys } from "./secrets/secrets.ts";
import { passwordsIn } from "./secrets/shapes.ts";
import { validateSecrets } from "./secrets/validate.ts";
import type { WaysOut } from "./secrets/ways-out.ts";
import { Settings } from "./settings.ts";

/** Checks settings, each secret, and whether both fit together. Returns every problem. */
export function checkSettings(
  entries: Record<string, unknown>,
  secrets: ClearSecrets,
  waysOut?: WaysOut,
): { settings?: Settings; problems: Problem[] } {
  const { value: settings, problems } = parseWithProblems(settingsWith(secrets, waysOut), entries);
  return { settings, problems: [...problems, ...secretProblems(secrets)] };
}

/** The problems of each secret by itself. */
export function secretProblems(secrets: ClearSecrets): Problem[] {
  return Object.entries(secrets).flatMap(([name, value]) => {
    const message = isSecretName(name) ? secretKeys[name].validate(value) : undefined;
    return message === undefined ? [] : [{ path: name, message }];
  });
}

/** The problems without the texts of the secrets, each password of `passwords` included. */
export function hideSecrets(problems: readonly Problem[], secrets: ClearSecrets): Problem[] {
  const clear = [...Object.values(secrets), ...Object.values(passwordsIn(secrets.passwords ?? "{}")).flat()];
  return problems.map((problem) => withoutSecrets(problem, clear));
}

/** The schema of the settings, which also checks that the secrets they need are set. */
function settingsWith(secrets: ClearSecrets, waysOut: WaysOut | undefined) {
  return Settings.check(({ value, issues }) => {
    for (const { name, message } of validateSecrets(value, secrets, waysOut))
      issues.push({ code: "custom", path: [name], input: undefined, message });
  });
}
