import * as pulumi from "@pulumi/pulumi";
import { isConfigSecret } from "@pulumi/pulumi/runtime/config.js";
import { type ConfigEntry, configEntries } from "./config-entries.ts";
import { parseStack } from "./parse-stack.ts";
import type { Secrets } from "./secrets/secrets.ts";
import { wrapSecrets } from "./secrets/wrap.ts";
import type { Settings } from "./settings.ts";
import { warnings } from "./warnings.ts";

/**
 * Reads and checks the stack's configuration, before any resource exists.
 * Throws one SettingsError that lists every problem. Logs a warning for each setting that is probably a mistake.
 */
export function readSettings(): { settings: Settings; secrets: Secrets } {
  const { settings, secrets } = parseStack(pulumi.getStack(), configEntries(wholeConfig()));
  for (const warning of warnings(settings, secrets, new Date().toISOString().slice(0, 10)))
    void pulumi.log.warn(warning);
  return { settings, secrets: wrapSecrets(secrets) };
}

function wholeConfig(): ConfigEntry[] {
  return Object.entries(pulumi.runtime.allConfig()).map(([key, value]) => ({
    key,
    value,
    encrypted: isConfigSecret(key),
  }));
}
