import type { PropertyValue } from "../../plugin/property.ts";
import { notSupported } from "../../plugin/provider.ts";
import { type KubeObject, listField, numberField, textField } from "../object.ts";
import type { Look } from "./look.ts";
import type { Readiness } from "./readiness.ts";

type Met = (live: KubeObject) => { met: boolean; status: string };

/**
 * What the annotation `pulumi.com/waitFor` asks for: `condition=Ready`, `condition=Ready=False`, `jsonpath={.a.b}`,
 * `jsonpath={.a.b}=value`, or a JSON list of such. It goes before what the kind itself has to say.
 *
 * @see pulumi-kubernetes 4.32: ReadyCondition in provider/pkg/metadata/overrides.go
 */
export function waitFor(annotation: string): Readiness {
  const wanted = expressions(annotation).map(parsed);
  if (wanted.length === 0) throw new Error("at least one condition must be specified");
  return {
    look: async (live): Promise<Look> => {
      const looks = wanted.map((met) => met(live));
      const missing = looks.find(({ met }) => !met);
      return { ready: missing === undefined, status: missing?.status, problems: [] };
    },
    inRefresh: false,
    timedOut: "timed out waiting for the condition",
  };
}

function expressions(annotation: string): string[] {
  try {
    const list: unknown = JSON.parse(annotation);
    if (Array.isArray(list) && list.every((each) => typeof each === "string")) return list;
  } catch {
    // No list, then.
  }
  return [annotation];
}

function parsed(expression: string): Met {
  if (expression.startsWith("condition=")) return conditionMet(expression.slice("condition=".length));
  if (expression.startsWith("jsonpath=")) return pathMet(expression.slice("jsonpath=".length));
  throw new Error(`expected a "jsonpath=" or "condition=" prefix, got ${JSON.stringify(expression)}`);
}

function conditionMet(expression: string): Met {
  const [type = "", ...rest] = expression.split("=");
  const wanted = rest.length > 0 ? rest.join("=") : "True";
  return (live) => {
    const found = listField(live, "status", "conditions").find((each) => isSame(textField(each, "type"), type));
    if (found === undefined) return { met: false, status: "Has no .status.conditions" };
    const status = textField(found, "status");
    const seen = numberField(found, "observedGeneration") ?? numberField(live, "status", "observedGeneration");
    const met = isSame(status, wanted) && isCurrent(live, seen);
    return { met, status: `Resource has condition ${type}=${status} (want ${wanted})` };
  };
}

/** Its field names are taken as they are; filters, wildcards and slices are the official one's alone. */
function pathMet(expression: string): Met {
  const [, path = "", wanted] = /^\{\s*\$?(.*?)\s*\}(?:=(.+))?$/.exec(expression) ?? [];
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)];
  if (steps.length === 0 || steps.map(([whole]) => whole).join("") !== path)
    throw notSupported("kubernetes", `the annotation pulumi.com/waitFor: jsonpath=${expression}`);
  const names = steps.map(([, name, index, quoted]) => name ?? index ?? quoted ?? "");
  return (live) => {
    const found = at(live, names);
    const isPlain = typeof found !== "object" || found === null;
    if (!isPlain && wanted !== undefined)
      throw new Error(`"{${path}}" has a non-primitive value (${JSON.stringify(found)})`);
    const met = found !== undefined && (wanted === undefined || String(found) === wanted);
    return {
      met: met && isCurrent(live, numberField(live, "status", "observedGeneration")),
      status: `Waiting for ${expression}`,
    };
  };
}

function at(value: PropertyValue | undefined, steps: string[]): PropertyValue | undefined {
  return steps.reduce<PropertyValue | undefined>((found, step) => {
    if (typeof found !== "object" || found === null) return undefined;
    return Array.isArray(found) ? found[Number(step)] : found[step];
  }, value);
}

function isCurrent(live: KubeObject, seen: number | undefined): boolean {
  return seen === undefined || seen >= (numberField(live, "metadata", "generation") ?? 0);
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
