import { z } from "zod";
import { hideSecrets, secretProblems } from "../../settings/check-settings.ts";
import { type Problem, pathText, SettingsError, withoutSecrets } from "../../settings/errors/problems.ts";
import { parseWithProblems, unknownKey } from "../../settings/errors/zod-problems.ts";
import { isSecretName } from "../../settings/secrets/secrets.ts";
import type { PackageComponent } from "../component.ts";
import { Endpoint } from "./endpoint.ts";
import type { Path, ResolvedInputs } from "./resolve-inputs.ts";
import { clearSecrets } from "./secret-inputs.ts";

/** The inputs that are neither settings nor secrets of the stack file, and may contain secrets themselves. */
const mixedKeys = ["endpoint", "kubernetes"];

/**
 * Checks a component's inputs as a stack file is checked, or throws one error that lists every problem. Returns undefined in a
 * preview that does not know all settings: what it knows is valid then.
 */
export function checkInputs<Checked>(
  component: PackageComponent<Checked>,
  name: string,
  given: ResolvedInputs,
): Checked | undefined {
  const keys = inputKeys(component);
  const secrets = clearSecrets(given, component.secrets);
  const known = Object.entries(given.values).filter(([key]) => keys.includes(key));
  const settings = Object.fromEntries(known.filter(([key]) => !isSecretName(key) && key !== "endpoint"));
  const { checked, problems } = component.check(settings, secrets);
  const all = [
    ...Object.keys(given.values).flatMap((key) => unknownInput(key, keys)),
    ...given.secret.flatMap(misplacedSecret),
    ...problems,
    // A registry's settings are checked together with its secrets, and so have these problems already.
    ...secretProblems(secrets).filter(({ path }) => !problems.some((each) => each.path === path)),
    ...(component.hasEndpoint ? endpointProblems(given.values) : []),
  ].filter(({ path }) => !given.unknown.some((each) => isWithin(path, pathText(each))));
  if (all.length === 0) return checked;
  const shown = hideSecrets(all, secrets).map((problem) => withoutSecrets(problem, nestedSecrets(given.values)));
  throw new SettingsError(`${component.name} ${name}`, shown, "its inputs");
}

/** The names of all inputs of a component. */
function inputKeys({ settings, secrets, hasEndpoint }: PackageComponent<unknown>): string[] {
  return [...Object.keys(settings.shape), ...(hasEndpoint ? ["endpoint"] : []), ...secrets];
}

function unknownInput(key: string, keys: readonly string[]): Problem[] {
  return keys.includes(key) ? [] : [{ path: pathText([key]), message: unknownKey(key, keys) }];
}

/** A setting must not be secret: it is written to files, resource names and previews. */
function misplacedSecret(path: Path): Problem[] {
  const [key = ""] = path;
  if (isSecretName(String(key)) || mixedKeys.includes(String(key))) return [];
  return [
    {
      path: pathText(path),
      message: "holds something encrypted; settings are plain text, and secrets inputs of their own",
    },
  ];
}

function endpointProblems({ endpoint }: Record<string, unknown>): Problem[] {
  return parseWithProblems(z.strictObject({ endpoint: Endpoint }), { endpoint }).problems;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** The texts below `endpoint` and `kubernetes` that no error may print. */
function nestedSecrets({ endpoint, kubernetes }: Record<string, unknown>): string[] {
  const { accounts } = Object(endpoint);
  const { kubeconfig } = Object(kubernetes);
  return [...Object.values(Object(accounts)), kubeconfig].filter((each) => typeof each === "string");
}
