import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folders = ["components", "hosts", "operations", "lab", "bench", "campaign", "test"];

/**
 * Calls that are returned without `await` and use what an `await using` of their block holds. That is disposed before
 * the returned promise has ended: a command is cut off from its connection.
 */
function unawaitedReturns(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node, held: readonly string[]): void => {
    const known = ts.isFunctionLike(node)
      ? []
      : ts.isBlock(node)
        ? [...held, ...node.statements.flatMap(heldBy)]
        : held;
    if (ts.isReturnStatement(node) && node.expression && ts.isCallExpression(node.expression)) {
      const words: string[] = node.expression.getText().match(/[\w$]+/g) ?? [];
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (known.some((name) => words.includes(name)) && !words.includes("await"))
        found.push(`${file}:${line + 1}: ${node.getText()}`);
    }
    ts.forEachChild(node, (child) => visit(child, known));
  };
  visit(source, []);
  return found;
}

/** The names that a statement `await using NAME = …` declares. */
function heldBy(statement: ts.Statement): string[] {
  if (!ts.isVariableStatement(statement)) return [];
  const { flags, declarations } = statement.declarationList;
  return (flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing
    ? declarations.map(({ name }) => name.getText())
    : [];
}

it.each(folders)("in %s, a block with `await using` awaits what it returns", (folder) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => join(folder, file));
  const texts = files.map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
  const holding = texts.filter(({ text }) => text.includes("await using"));
  expect(holding.flatMap(({ file, text }) => unawaitedReturns(file, text))).toEqual([]);
});

it.each([
  ["{ await using machine = await open(); return machine.run(); }", 1],
  ["{ await using machine = await open(); if (a) { return machine.run(); } return 1; }", 1],
  ["{ await using machine = await open(); return await machine.run(); }", 0],
  ["{ await using machine = await open(); return parsed(await machine.run()); }", 0],
  ["{ await using machine = await open(); return parsed(text); }", 0],
  ["{ await using machine = await open(); each(() => { return machine.run(); }); }", 0],
  ["{ const machine = await open(); return machine.run(); }", 0],
])("in %s such returns are %i", (body, count) => {
  expect(unawaitedReturns("example.ts", `async function example() ${body}`)).toHaveLength(count);
});
