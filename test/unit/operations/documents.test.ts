import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ArgsDef, CommandDef } from "citty";
import { expect, it } from "vitest";
import { checkArguments } from "../../../operations/check-arguments.ts";
import { registry } from "../../../operations/registry.ts";
import { resolve } from "../../../operations/resolve.ts";

const root = new URL("../../../", import.meta.url).pathname;

/** What tells somebody which command to run. */
const documents = [
  "README.md",
  "examples/monitoring/alerts.yml",
  "hosts/notify/alarms.awk",
  ...["docs", "docs/incidents"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

/** Command lines as in `npm run -s registry -- usage --json`, and those that a text names as in `registry usage`. */
function commandLines(text: string): string[][] {
  const read = text.replaceAll('" each[i]', " NAME").replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, "$1");
  const called = [...read.matchAll(/npm run -s registry -- ([a-z][^`"\n]*)/g)];
  const named = [...read.matchAll(/`registry ([a-z][^`\n]*)`/g)];
  return (
    [...called, ...named]
      .map(([, line = ""]) => line.replace(/\s*(#|\||;|<|>|&&|\().*/, ""))
      // Without synopses, which show what may be left out or chosen, and without distribution's own program of that name.
      .filter((line) => !/[[\]…\\]|--help|^garbage-collect/.test(line))
      .map((line) => line.trim().replaceAll("'", "").split(/\s+/))
  );
}

/** The command that the words call, and its arguments. */
async function findCommand(words: readonly string[], group: CommandDef = registry): Promise<[CommandDef, string[]]> {
  const subCommands = (await resolve(group.subCommands)) ?? {};
  const [word = "", ...rest] = words;
  const found = Object.hasOwn(subCommands, word) ? await resolve(subCommands[word]) : undefined;
  return found === undefined ? [group, [...words]] : findCommand(rest, found);
}

it.each(documents)("%s › names commands and options that exist", async (path) => {
  for (const words of commandLines(readFileSync(join(root, path), "utf8"))) {
    const [command, rest] = await findCommand(words);
    const line = words.join(" ");
    expect(command.run, line).toBeDefined();
    // A sentence may name a command without what it is about.
    if (rest.length > 0) expect(() => checkArguments((command.args ?? {}) as ArgsDef, rest), line).not.toThrow();
  }
});

it("reads command lines out of a document", () => {
  const text =
    "`registry usage` or\nnpm run -s registry -- delete --match '**:pr-*' --yes   # as text\n`registry backup [verify]`";
  expect(commandLines(text)).toEqual([["delete", "--match", "**:pr-*", "--yes"], ["usage"]]);
});
