import { namespace } from "./namespace.ts";
import { isSecretName } from "./secrets/secrets.ts";
import { StackKeys } from "./stack-keys.ts";

/** One key of the configuration. Pulumi passes its value as text: a list or an object is JSON. */
export type ConfigEntry = { key: string; value: string; encrypted: boolean };

/**
 * The keys of this program in a stack's whole configuration, without their namespace. A key of this program in another
 * namespace keeps it, and `parseStack` reports it: in a project of another name, `pulumi config set accounts` writes
 * into that project's namespace.
 */
export function configEntries(config: readonly ConfigEntry[]): ConfigEntry[] {
  return config.flatMap((entry) => {
    if (entry.key.startsWith(namespace)) return [{ ...entry, key: entry.key.slice(namespace.length) }];
    const name = entry.key.slice(entry.key.indexOf(":") + 1);
    return Object.hasOwn(StackKeys.shape, name) || isSecretName(name) ? [entry] : [];
  });
}
