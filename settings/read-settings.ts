import * as pulumi from "@pulumi/pulumi";
import { isConfigSecret } from "@pulumi/pulumi/runtime/config.js";
import { type Problem, SettingsError, zodProblems } from "./problems.ts";
import { type ClearSecrets, type Secrets, secretKeys, wrapSecrets } from "./secrets.ts";
import { Settings } from "./settings.ts";

const namespace = "container-registry:";

/** Reads and checks the stack's configuration, before any resource exists. Throws one error that lists every problem. */
export function readSettings(): { settings: Settings; secrets: Secrets } {
  const entries = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(namespace))
    .map(([key, value]) => ({ key: key.slice(namespace.length), value, encrypted: isConfigSecret(key) }));
  const { settings, secrets } = parseStack(pulumi.getStack(), entries);
  return { settings, secrets: wrapSecrets(secrets) };
}

/** One `container-registry:` key, as Pulumi hands it over: text, or JSON where the stack file has a list or an object. */
export type ConfigEntry = { key: string; value: string; encrypted: boolean };

/** The pure part of `readSettings`. */
export function parseStack(stack: string, entries: ConfigEntry[]): { settings: Settings; secrets: ClearSecrets } {
  const problems: Problem[] = [];
  const secrets: ClearSecrets = {};
  const plain: Record<string, unknown> = {};
  for (const { key, value } of entries) {
    if (Object.hasOwn(secretKeys, key)) Object.assign(secrets, { [key]: value });
    else plain[key] = parsed(value);
  }
  const result = Settings.safeParse(plain, { reportInput: true });
  if (!result.success) problems.push(...zodProblems(result.error));
  if (!result.data || problems.length > 0) throw new SettingsError(stack, problems);
  return { settings: result.data, secrets };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
