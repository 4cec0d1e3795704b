import { expect, it } from "vitest";
import { isOwnRepository, ownRepository } from "../../../operations/health/registry/push-target.ts";
import { grouped } from "../../../ui/registry/grouping.ts";
import { inOrder, matching, repositoryPages } from "../../../ui/registry/listing.ts";

it("repositoryPages › leave out what `registry doctor` pushes to, and nothing else", async () => {
  const own = ["**", "team-a/**", "*/base/*"].flatMap(ownRepository);
  const others = ["container-registry-doctor/app", "not-container-registry-doctor", "team-a/app"];
  const body = { repositories: [...own, ...others] };
  const registry = { session: undefined, ask: async () => ({ headers: new Headers(), body }) };
  const { value } = await repositoryPages(registry, new AbortController().signal).next();
  expect(value).toEqual(others);
  expect(body.repositories.filter(isOwnRepository)).toEqual(own);
});

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
