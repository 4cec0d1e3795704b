import { ProgramError } from "./program-error.ts";

/** One problem of a stack file, printed as one line of the error. */
export type Problem = {
  /** The setting's path, as in `accounts[1].name`. */
  path: string;
  /** The value at that path. Only scalars are printed, and never a secret. */
  value?: unknown;
  /** The rule that the value breaks, and how to fix the value. */
  message: string;
};

/**
 * Lists everything that is wrong with a stack file, or with the inputs of a component. `subject` has them, as in
 * `stack dev`, and `source` is where they are written, as in `Pulumi.dev.yaml`.
 * @example
 * stack dev: 1 problem in Pulumi.dev.yaml
 *   accounts[1].name = "Team A": up to 63 of a-z, 0-9 and . _ -, first a letter or digit, as in team-a
 */
export class SettingsError extends ProgramError {
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[], source: string) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${subject}: ${count} in ${source}`, ...problems.map(problemLine)].join("\n  "));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/** The problem as one line of text. Long values are shortened; passwords in URLs and private keys are replaced. */
export function problemLine({ path, value, message }: Problem): string {
  const text = scalarText(value);
  return text === undefined ? `${path}: ${message}` : `${path} = ${text}: ${message}`;
}

/**
 * A scalar value as text; undefined for a list or an object. Hides a private key, and user and password of a URL, with
 * or without a scheme.
 */
function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") {
    if (value.includes("PRIVATE KEY")) return hidden;
    const text = value.replace(/\/\/[^/\s]*@/g, "//…@").replace(/^[^/\s]*:[^/\s]*@/, "…@");
    return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  }
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : undefined;
}

const hidden = "[secret]";

/** The problem without the texts of `secrets`: a user may have pasted a secret into a setting. */
export function withoutSecrets(problem: Problem, secrets: readonly string[]): Problem {
  const known = secrets.filter((secret) => secret !== "");
  // String() of an object could call a toString key that the stack file gives it. Objects are never printed anyway.
  const value = typeof problem.value === "object" ? "" : String(problem.value);
  const told = known.some((secret) => value.includes(secret));
  // Replacing a secret of a few letters would also replace parts of ordinary words.
  const long = known.filter((secret) => secret.length >= 8);
  const hide = (text: string) => long.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
  return { path: hide(problem.path), message: hide(problem.message), ...(!told && { value: problem.value }) };
}

/** The text of a path: `["accounts", 1, "name"]` becomes `accounts[1].name`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    // Other keys are quoted: with a dot a key would look like two keys, and a line break would split the message.
    if (!/^[\w-]+$/.test(String(key))) return `${text}[${JSON.stringify(String(key))}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}
