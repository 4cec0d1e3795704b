import { checkSettings, hideSecrets } from "./check-settings.ts";
import type { ConfigEntry } from "./config-entries.ts";
import { type Problem, pathText, SettingsError } from "./errors/problems.ts";
import { unknownKey } from "./errors/zod-problems.ts";
import { namespace } from "./namespace.ts";
import { type ClearSecrets, isSecretName, secretKeys } from "./secrets/secrets.ts";
import type { Settings } from "./settings.ts";
import { StackKeys } from "./stack-keys.ts";

/**
 * Checks a whole stack file, given its `configEntries`, or throws one error that lists every problem. `file` is its name.
 * @default Pulumi.STACK.yaml
 */
export function parseStack(
  stack: string,
  entries: ConfigEntry[],
  file = `Pulumi.${stack}.yaml`,
): { settings: Settings; secrets: ClearSecrets } {
  const misplaced = entries.flatMap(keyProblem);
  const secrets = secretEntries(entries);
  const { settings, problems } = checkSettings(settingsEntries(entries), secrets);

  // An encrypted setting is not parsed, so zod reports it as missing too. That second problem is dropped.
  const others = problems.filter(({ path }) => !misplaced.some((other) => path === other.path));
  const all = [...misplaced, ...others];
  if (settings && all.length === 0) return { settings, secrets };
  throw new SettingsError(`stack ${stack}`, hideSecrets(all, secrets), file);
}

/** The problem of a key that is unknown or in another namespace, of a setting that is encrypted, or of a secret that is not encrypted. */
function keyProblem({ key, encrypted }: ConfigEntry): Problem[] {
  const message = validateKey(key, encrypted);
  return message === undefined ? [] : [{ path: pathText([key]), message }];
}

function validateKey(key: string, encrypted: boolean): string | undefined {
  if (key.includes(":")) return otherNamespace(key, encrypted);
  if (key.includes("."))
    return `is the answer to a question, or one key with a dot in it; for answers of pulumi new: npm run -s registry -- init; else: pulumi config set --path ${namespace}${key}`;
  if (isSecretName(key))
    return encrypted ? undefined : `is in plain text; encrypt it: pulumi config set --secret ${namespace}${key}`;
  if (!Object.hasOwn(StackKeys.shape, key))
    return unknownKey(key, [...Object.keys(StackKeys.shape), ...Object.keys(secretKeys)]);
  return encrypted ? "holds something encrypted; settings are plain text, and secrets keys of their own" : undefined;
}

function otherNamespace(key: string, encrypted: boolean): string {
  const name = key.slice(key.indexOf(":") + 1);
  const set = `pulumi config set ${encrypted ? "--secret " : ""}${namespace}${name}`;
  return `keys of this program begin with ${namespace}, whatever the Pulumi project is called; ${set}, then: pulumi config rm ${key}`;
}

function settingsEntries(entries: ConfigEntry[]): Record<string, unknown> {
  const plain = entries.filter(({ key, encrypted }) => Object.hasOwn(StackKeys.shape, key) && !encrypted);
  return Object.fromEntries(plain.map(({ key, value }) => [key, fromJson(value)]));
}

function secretEntries(entries: ConfigEntry[]): ClearSecrets {
  return Object.fromEntries(entries.filter(({ key }) => isSecretName(key)).map(({ key, value }) => [key, value]));
}

function fromJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
