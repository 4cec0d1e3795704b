import { type BridgedKind, bridgedResource, type Input } from "../bridged/resource.ts";
import { atLeast } from "../bridged/rules.ts";
import { flag, isUnknown, number, type PropertyMap, text } from "../plugin/property.ts";
import type { Failure } from "../plugin/provider.ts";
import { randomText, type TextParameters } from "./text.ts";

const replace = { change: "replace" } as const satisfies Input;
const on = { change: "replace", default: true } as const satisfies Input;
const none = { change: "replace", default: 0 } as const satisfies Input;

const kind = {
  provider: "pulumi-resource-random",
  inputs: {
    length: { ...replace, required: true, problem: atLeast(1) },
    keepers: replace,
    upper: on,
    minUpper: none,
    lower: on,
    minLower: none,
    numeric: on,
    number: on,
    minNumeric: none,
    special: on,
    minSpecial: none,
    overrideSpecial: replace,
  },
  problems: lengthFailures,
  // `number` is the old name of `numeric`.
  complete: ({ numeric, number: old }) => ({ numeric: numeric ?? old ?? true, number: numeric ?? old ?? true }),
} satisfies Partial<BridgedKind>;

/** random:index/randomPassword:RandomPassword */
export const randomPassword = bridgedResource({
  ...kind,
  schemaVersion: 3,
  outputs: { result: { secret: true }, bcryptHash: { secret: true } },
  async generate(inputs) {
    const result = randomText(parameters(inputs));
    return { id: "none", outputs: { id: "none", result, bcryptHash: await bcryptHash(result) } };
  },
});

/** random:index/randomString:RandomString, whose result is no secret. */
export const randomString = bridgedResource({
  ...kind,
  schemaVersion: 2,
  outputs: { result: {} },
  async generate(inputs) {
    const result = randomText(parameters(inputs));
    return { id: result, outputs: { id: result, result } };
  },
});

/** As Go's bcrypt writes it: cost 10, prefix `$2a$`. */
async function bcryptHash(password: string): Promise<string> {
  const { genSalt, hash } = await import("bcryptjs");
  const salt = await genSalt(10);
  return hash(password, salt.replace(/^\$2[by]\$/, "$2a$"));
}

function parameters(inputs: PropertyMap): TextParameters {
  const count = (key: string) => number(inputs[key]) ?? 0;
  const isOn = (key: string) => flag(inputs[key]) ?? true;
  return {
    length: count("length"),
    upper: isOn("upper"),
    minUpper: count("minUpper"),
    lower: isOn("lower"),
    minLower: count("minLower"),
    numeric: isOn("numeric"),
    minNumeric: count("minNumeric"),
    special: isOn("special"),
    minSpecial: count("minSpecial"),
    overrideSpecial: text(inputs.overrideSpecial) ?? "",
  };
}

function lengthFailures(inputs: PropertyMap): Failure[] {
  const counts = [inputs.length, inputs.minUpper, inputs.minLower, inputs.minNumeric, inputs.minSpecial];
  if (counts.some(isUnknown)) return [];
  const wanted = parameters(inputs);
  const least = wanted.minUpper + wanted.minLower + wanted.minNumeric + wanted.minSpecial;
  if (wanted.length >= least) return [];
  const reason = `value must be at least sum of minUpper + minLower + minNumeric + minSpecial: ${least}, got: ${wanted.length}`;
  return [{ property: "length", reason }];
}
