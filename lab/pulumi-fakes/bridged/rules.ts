import { isUnknown, type PropertyValue } from "../plugin/property.ts";

/** Returns the error for a value; nothing if it is valid. */
export type Rule = (value: PropertyValue) => string | undefined;

export function atLeast(least: number): Rule {
  return (value) => (Number(value) >= least ? undefined : `value must be at least ${least}, got: ${value}`);
}

export function oneOf(allowed: readonly string[]): Rule {
  return (value) =>
    allowed.includes(String(value)) ? undefined : `value must be one of: ${allowed.join(", ")}, got: ${value}`;
}

export function eachOneOf(allowed: readonly string[]): Rule {
  return (value) => {
    const wrong = [value].flat().find((item) => !isUnknown(item) && !allowed.includes(String(item)));
    return wrong === undefined ? undefined : oneOf(allowed)(wrong);
  };
}
