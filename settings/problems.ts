import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** One line of the error: what is wrong where. */
export type Problem = {
  /** As in `accounts[1].name`. */
  path: string;
  /** Scalars only, as JSON; never a secret. */
  value?: string;
  /** The rule, and the way out. */
  message: string;
};

/**
 * A stack file that cannot be meant. Pulumi prints a RunError's message alone, without a stack trace.
 * @example
 * stack dev: 1 problem in Pulumi.dev.yaml
 *   accounts[1].name = "Team A": lower-case letters, digits and dashes, as in team-a
 */
export class SettingsError extends pulumi.RunError {
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`stack ${stack}: ${count} in Pulumi.${stack}.yaml`, ...problems.map(problemLine)].join("\n  "));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

function problemLine({ path, value, message }: Problem): string {
  return value === undefined ? `${path}: ${message}` : `${path} = ${value}: ${message}`;
}

/** zod's issues as problems; needs `reportInput`. */
export function zodProblems(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => ({
    path: pathText(issue.path),
    value: scalarText(issue.input),
    message: issue.message,
  }));
}

/** `["accounts", 1, "name"]` as `accounts[1].name`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

function scalarText(input: unknown): string | undefined {
  if (typeof input === "string") return JSON.stringify(input.length > 80 ? `${input.slice(0, 80)}…` : input);
  return typeof input === "number" || typeof input === "boolean" ? String(input) : undefined;
}
