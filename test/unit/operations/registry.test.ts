import { readFileSync } from "node:fs";
import type { CommandDef } from "citty";
import { expect, it } from "vitest";
import { commonArgs } from "../../../operations/common-args.ts";
import { exitCodes } from "../../../operations/exit-codes.ts";
import { registry } from "../../../operations/registry.ts";
import { said } from "./output.ts";

/** Every command that does something, by how it is called. */
async function commands(group: CommandDef, path: string[] = []): Promise<[string, CommandDef][]> {
  const found: [string, CommandDef][] = group.run ? [[path.join(" "), group]] : [];
  for (const [name, subCommand] of Object.entries((await resolve(group.subCommands)) ?? {}))
    found.push(...(await commands(await resolve(subCommand), [...path, name])));
  return found;
}

const reference = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");

async function resolve<T>(value: T | Promise<T> | (() => T | Promise<T>)): Promise<T> {
  return typeof value === "function" ? await (value as () => T | Promise<T>)() : await value;
}

it.each(await commands(registry))("%s › takes what all take, and teaches by examples", async (path, { args, meta }) => {
  expect(await resolve(args)).toMatchObject(commonArgs);
  const { description, examples = [] } = (await resolve(meta)) ?? {};
  expect(description).toBeTruthy();
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(example.startsWith(path)).toBe(true);
  expect((await said(registry, [...path.split(" "), "--help"])).stdout).toContain(`USAGE registry ${path}`);
});

it.each(await commands(registry))("%s › is in docs/operations.md", (path) => {
  expect(reference).toContain(`| \`registry ${path}`);
});

it.each(Object.entries(exitCodes))("exit code for %s is in docs/operations.md", (_name, code) => {
  expect(reference).toContain(`| ${code} | `);
});
