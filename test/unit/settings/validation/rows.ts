import { expect, it } from "vitest";
import { changed, problemsOf, type Stack } from "../stacks.ts";

type Row = [changes: Record<string, unknown>, line: string];

/** Each row's changes to a valid stack bring exactly one problem, with that line. */
export function refuses(stack: Stack, rows: Row[]) {
  it.each(rows)("refuses %j", (changes, line) => {
    expect(problemsOf(changed(stack, changes))).toEqual([expect.stringContaining(line)]);
  });
}

/** Each row's changes leave a valid stack valid. */
export function accepts(stack: Stack, rows: Record<string, unknown>[]) {
  it.each(rows)("accepts %j", (changes) => {
    expect(problemsOf(changed(stack, changes))).toEqual([]);
  });
}
