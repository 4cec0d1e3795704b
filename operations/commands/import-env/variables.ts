import { registryPrefixes, registryVariables } from "../../../render/pipeline-config.ts";
import { didYouMean } from "../../../settings/errors/did-you-mean.ts";

/** The stack-file key and field that a variable's value is written to, as in `["containerRegistry", "host"]`. */
export type StackField = readonly [key: "containerRegistry" | "mavenRegistry", field: string];

/**
 * The stack field of every environment variable that describes a registry. The object has no prototype: a variable
 * called `constructor` finds nothing.
 */
export const stackFields: Readonly<Record<string, StackField>> = Object.assign(Object.create(null), allFields());

function allFields(): Record<string, StackField> {
  return Object.fromEntries([
    ...Object.entries(registryVariables).flatMap(([field, name]): [string, StackField][] => [
      [`${registryPrefixes.container}_${name}`, ["containerRegistry", field]],
      [`${registryPrefixes.maven}_${name}`, ["mavenRegistry", field]],
    ]),
    [`${registryPrefixes.maven}_URL`, ["mavenRegistry", "url"]],
  ]);
}

/** The variable that sets a path of the stack file, as in `containerRegistry.host`; undefined if no variable does. */
export function variableAt(path: string): string | undefined {
  return Object.entries(stackFields).find(([, stackField]) => stackField.join(".") === path)?.[0];
}

/** The rest of the error about a variable that no stack field has, behind the variable's name. */
export function unknownVariable(name: string): string {
  const [, family, what = ""] = /^(DOCKER|CONTAINER|MAVEN)_REGISTRY_(.+)$/.exec(name) ?? [];
  if (family === undefined) return "says nothing of a registry; remove it, or --ignore-others";
  const prefix = family === "MAVEN" ? registryPrefixes.maven : registryPrefixes.container;
  const secret = secretName(prefix, what);
  if (secret)
    return `is a secret, which does not belong in such a file; remove it: pulumi config set --secret ${secret}`;
  const replacement = `${prefix}_${what}`;
  if (family === "DOCKER" && stackFields[replacement]) return `is called ${replacement} now; rename it`;
  const known = Object.keys(stackFields).filter((each) => each.startsWith(prefix));
  const meant = didYouMean(replacement, known);
  return `is no variable of ours; ${meant ? `did you mean ${meant}?` : `there are ${known.join(", ")}`}`;
}

function secretName(prefix: string, what: string): string | undefined {
  const owner = prefix === registryPrefixes.maven ? "maven" : "registry";
  if (/^(USER|USERNAME|LOGIN)$/.test(what)) return `${owner}Username`;
  return /PASS|TOKEN|SECRET/.test(what) ? `${owner}Password` : undefined;
}
