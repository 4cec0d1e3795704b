import { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";
import { type Problem, pathText } from "./problems.ts";

/** Parses a value, and returns all its problems, in words for somebody who writes YAML and does not know zod. */
export function parseWithProblems<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { value: z.output<T>; problems: [] } | { value?: undefined; problems: Problem[] } {
  const result = schema.safeParse(value, { reportInput: true, error: rule });
  if (result.success) return { value: result.data, problems: [] };
  return { problems: result.error.issues.flatMap(issueProblems) };
}

/** The message for an unknown key: it suggests the most similar known key, or lists all of them. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  return meant ? `unknown key; did you mean ${meant}?` : `unknown key; there are ${known.join(", ")}`;
}

/**
 * The message for a value of the wrong type, an unknown value or an unknown key. Undefined for every other problem:
 * zod or the schema then supplies the message.
 */
function rule(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `${typeRule(issue.expected, issue.inst)}${example(issue.inst)}`;
    case "invalid_value":
      return oneOf(issue.values.map(String), issue.input);
    case "invalid_union":
      return oneOf(issue.inst instanceof z.ZodDiscriminatedUnion ? kindsOf(issue.inst) : [], discriminated(issue));
    case "unrecognized_keys": {
      const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
      // One line for each key: issueProblems splits the message into one problem for each line.
      return issue.keys.map((key) => unknownKey(key, known)).join("\n");
    }
    default:
      return undefined;
  }
}

function issueProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    // Leaves the value out: the value of a misspelt or misplaced key may be a secret.
    return issue.keys.map((key, index) => ({ path: pathText([...issue.path, key]), message: messages[index] ?? "" }));
  }
  const input = issue.code === "invalid_union" ? discriminated(issue) : issue.input;
  const missing = input === undefined && issue.code !== "custom";
  return [
    {
      path: pathText(issue.path),
      value: input,
      message: missing ? `missing: ${issue.message}` : issue.message,
    },
  ];
}

function typeRule(expected: string, schema: unknown): string {
  if (schema instanceof z.ZodObject) return `a group of keys: ${Object.keys(schema.shape).join(", ")}`;
  if (schema instanceof z.ZodDiscriminatedUnion)
    return `a group of keys, its kind one of ${kindsOf(schema).join(", ")}`;
  const rules: Record<string, string> = {
    string: "a text, in quotes where YAML takes it for something else",
    number: "a number, without quotes",
    boolean: "true or false, without quotes",
    array: "a list, each entry behind a dash",
    record: "a group of keys and texts",
  };
  return rules[expected] ?? expected;
}

function example(schema: unknown): string {
  const found = schema instanceof z.ZodType ? schema.meta()?.examples : undefined;
  const first: unknown = Array.isArray(found) ? found[0] : undefined;
  return first === undefined ? "" : `, as in ${String(first)}`;
}

function oneOf(allowed: string[], input: unknown): string {
  const meant = typeof input === "string" ? didYouMean(input, allowed) : undefined;
  const rule = allowed.length === 1 ? `only ${allowed[0]}` : `one of ${allowed.join(", ")}`;
  return meant ? `${rule}; did you mean ${meant}?` : rule;
}

function kindsOf(union: z.ZodDiscriminatedUnion): string[] {
  return [...(union._zod.propValues.kind ?? [])].map(String);
}

/** The `kind` of the input; undefined if the input has none. */
function discriminated({ input }: { input?: unknown }): unknown {
  return typeof input === "object" && input !== null && "kind" in input ? input.kind : undefined;
}
