import { parseArgs } from "node:util";
import type { ArgDef, ArgsDef } from "citty";
import { didYouMean } from "../settings/errors/did-you-mean.ts";
import { UsageError } from "./operation-error.ts";

/**
 * Throws a UsageError for mistakes that citty ignores: an unknown option, a missing value, an option given twice, a
 * missing or superfluous positional argument. A positional argument whose value hint ends in … may be given many times.
 */
export function checkArguments(args: ArgsDef, rawArgs: string[]): void {
  const { tokens } = parseArgs({ args: rawArgs, options: nodeOptions(args), strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    checkOption(args, token);
    if (seen.has(token.name)) throw new UsageError(`${token.rawName} is given twice`);
    seen.add(token.name);
  }
  for (const [name, arg] of Object.entries(optionsOf(args)))
    if (arg.required && !seen.has(name)) throw new UsageError(`--${name} is missing: ${arg.description}`);
  checkWords(
    args,
    tokens.filter((token) => token.kind === "positional").map(({ value }) => value),
  );
}

type OptionToken = { name: string; rawName: string; value?: string | undefined; inlineValue?: boolean | undefined };

function checkOption(args: ArgsDef, { name, rawName, value, inlineValue }: OptionToken): void {
  if (isNegated(args, name)) return;
  const arg = optionsOf(args)[name];
  if (arg === undefined) throw new UsageError(`unknown option ${rawName}${suggestion(args, name)}`);
  if (arg.type === "boolean") {
    if (inlineValue) throw new UsageError(`${rawName} takes no value`);
    return;
  }
  if (value === undefined || value === "" || (!inlineValue && value.startsWith("-")))
    throw new UsageError(`${rawName} takes a value: ${rawName}=${arg.valueHint ?? "VALUE"}`);
  if (arg.type === "enum" && !arg.options?.includes(value))
    throw new UsageError(`${rawName} is one of ${arg.options?.join(", ")}, not ${JSON.stringify(value)}`);
}

function checkWords(args: ArgsDef, words: string[]): void {
  const positionals = Object.entries(args).filter(([, { type }]) => type === "positional");
  const [missing] = positionals
    .slice(words.length)
    .filter(([, { required, default: given }]) => required !== false && !given);
  if (missing) throw new UsageError(`${missing[0].toUpperCase()} is missing: ${missing[1].description}`);
  if (positionals.some(([, { valueHint }]) => valueHint?.endsWith("…"))) return;
  const [extra] = words.slice(positionals.length);
  if (extra !== undefined) throw new UsageError(`one word too many: ${JSON.stringify(extra)}`);
}

function optionsOf(args: ArgsDef): Record<string, ArgDef> {
  return Object.fromEntries(Object.entries(args).filter(([, { type }]) => type !== "positional"));
}

/** Whether `name` negates a boolean option whose default is true, as in `--no-push`. */
function isNegated(args: ArgsDef, name: string): boolean {
  const arg = name.startsWith("no-") ? args[name.slice("no-".length)] : undefined;
  return arg?.type === "boolean" && arg.default === true;
}

function nodeOptions(args: ArgsDef): Record<string, { type: "boolean" | "string" }> {
  return Object.fromEntries(
    Object.entries(optionsOf(args)).map(([name, { type }]) => [
      name,
      { type: type === "boolean" ? "boolean" : "string" },
    ]),
  );
}

function suggestion(args: ArgsDef, name: string): string {
  const known = Object.keys(optionsOf(args));
  const meant = didYouMean(name, known);
  return meant ? `; did you mean --${meant}?` : `; there are ${known.map((each) => `--${each}`).join(", ")}`;
}
