import { expect, it } from "vitest";
import { grouped } from "../../../ui/registry/grouping.ts";
import { inOrder, matching } from "../../../ui/registry/listing.ts";

it("inOrder › counts numbers in names", () => {
  expect(inOrder(["v1.10", "latest", "v1.9", "v1.9.1"])).toEqual(["latest", "v1.9", "v1.9.1", "v1.10"]);
});

it.each([
  ["", ["team-a/app", "team-b/App"]],
  ["app", ["team-a/app", "team-b/App"]],
  ["APP b/", ["team-b/App"]],
  [" nothing ", []],
])("matching › finds for %j", (typed, found) => {
  expect(matching(["team-a/app", "team-b/App"], typed)).toEqual(found);
});

it("grouped › writes a shared path once, above its repositories", () => {
  const rows = grouped(["a/b/x", "a/b/y", "a/z", "plain"]);
  expect(rows.map((row) => (row.kind === "group" ? `[${row.path}]` : row.name))).toEqual([
    "plain",
    "[a/b/]",
    "x",
    "y",
    "[a/]",
    "z",
  ]);
});
