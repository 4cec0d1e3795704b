import { stripVTControlCharacters } from "node:util";
import { type CommandDef, renderUsage } from "citty";
import { exitCodes } from "./exit-codes.ts";
import { resolve } from "./resolve.ts";

declare module "citty" {
  interface CommandMeta {
    /** What the command does and does not do, shown by `--help`. Each text is one line of at most 100 characters. */
    details?: readonly string[];
    /** Command lines for `--help`, without `npm run -s registry --`. A `#` may explain one. */
    examples?: readonly string[];
    /** What an exit code means for this command, where that is not what it means for most of them. */
    exits?: Readonly<Record<number, string>>;
  }
}

const call = "npm run -s registry --";

/**
 * The text of a command's `--help`. `path` lists the names by which the user called the command, as in `["registry",
 * "sync"]`.
 */
export async function help(command: CommandDef, path: readonly string[]): Promise<string> {
  const meta = await resolve(command.meta);
  const parent = { meta: { name: path.slice(0, -1).join(" ") } };
  const usage = await renderUsage({ ...command, meta: { ...meta, name: path.at(-1) } }, parent);
  return stripVTControlCharacters(
    [
      usage.trim(),
      ...section("WHAT IT DOES", meta?.details),
      ...section(
        "EXAMPLES",
        meta?.examples?.map((example) => `${call} ${example}`),
      ),
      ...section(
        "EXIT CODES",
        Object.entries({ ...exits, ...meta?.exits }).map(([code, meaning]) => `${code}  ${meaning}`),
      ),
    ].join("\n"),
  ).replace(/ +$/gm, "");
}

const exits = {
  [exitCodes.done]: "done",
  [exitCodes.failed]: "failed; the message says why, and what to do",
  [exitCodes.usage]: "an argument or input is invalid; nothing was changed",
  [exitCodes.changesNeeded]: "with --check: there are differences; nothing was changed",
};

function section(title: string, lines: readonly string[] = []): string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines.map((line) => `  ${line}`)];
}
