import { ProgramError } from "./program-error.ts";

/** One line of the error: what is wrong where. */
export type Problem = {
  /** As in `accounts[1].name`. */
  path: string;
  /** What stands there. Only scalars are printed, and never a secret. */
  value?: unknown;
  /** The rule, and the way out. */
  message: string;
};

/**
 * A stack file that cannot be meant.
 * @example
 * stack dev: 1 problem in Pulumi.dev.yaml
 *   accounts[1].name = "Team A": up to 63 of a-z, 0-9 and . _ -, first a letter or digit, as in team-a
 */
export class SettingsError extends ProgramError {
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[], file = `Pulumi.${stack}.yaml`) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`stack ${stack}: ${count} in ${file}`, ...problems.map(problemLine)].join("\n  "));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/** As a person reads it; long values cut, secrets in URLs and keys left out. */
export function problemLine({ path, value, message }: Problem): string {
  const text = scalarText(value);
  return text === undefined ? `${path}: ${message}` : `${path} = ${text}: ${message}`;
}

/** A password inside a URL is left out, without its scheme too, and a private key altogether. */
function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") {
    if (value.includes("PRIVATE KEY")) return hidden;
    const text = value.replace(/\/\/[^/\s]*@/g, "//…@").replace(/^[^/\s]*:[^/\s]*@/, "…@");
    return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  }
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : undefined;
}

const hidden = "[secret]";

/** The same problem without a word of `secrets`: somebody may have pasted one into a setting. */
export function withoutSecrets(problem: Problem, secrets: readonly string[]): Problem {
  const known = secrets.filter((secret) => secret !== "");
  // Never String() of a mapping, which may have a toString of its own. None is repeated anyway.
  const value = typeof problem.value === "object" ? "" : String(problem.value);
  const told = known.some((secret) => value.includes(secret));
  // A short one would also hide ordinary words.
  const long = known.filter((secret) => secret.length >= 8);
  const hide = (text: string) => long.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
  return { path: hide(problem.path), message: hide(problem.message), ...(!told && { value: problem.value }) };
}

/** `["accounts", 1, "name"]` as `accounts[1].name`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    // A key of anything but letters and digits could pass for another, or break the line.
    if (!/^[\w-]+$/.test(String(key))) return `${text}[${JSON.stringify(String(key))}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}
