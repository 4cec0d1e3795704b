import { describe, expect, it } from "vitest";
import type { Repository } from "../../../../operations/contents/contents.ts";
import { carryOut } from "../../../../operations/deletion/carry-out.ts";
import { noneInUse } from "../../../../operations/deletion/in-use.ts";
import { planRepository } from "../../../../operations/deletion/plan-repository.ts";
import { OperationError } from "../../../../operations/operation-error.ts";
import { digest, repositoryOf } from "./contents.ts";

const before = repositoryOf({ 1: {}, 2: {}, 10: { children: [1] } }, { v1: 10, v2: 2, old: 2 });

function registry(now: readonly Repository[], fails: readonly string[] = []) {
  const deleted: string[] = [];
  return {
    deleted,
    read: async (name: string) => now.find((each) => each.name === name) ?? repositoryOf({}, {}, name),
    deleteManifest: async (repository: string, reference: string) => {
      if (fails.includes(repository)) throw new OperationError(`${repository} answers 500`);
      deleted.push(`${repository} ${reference}`);
    },
  };
}

const plan = (repository: Repository, tags: string[], digests: string[] = []) =>
  planRepository(repository, { tags: new Set(tags), digests: new Set(digests) }, noneInUse);

describe("carrying out a deletion", () => {
  it("deletes tags by name and manifests by digest, an index before its children", async () => {
    const target = registry([before]);
    await carryOut(target, [plan(before, ["v1", "old"])], noneInUse);
    expect(target.deleted).toEqual(["old", digest(10), digest(1)].map((each) => `team-a/app ${each}`));
  });

  it("leaves a tag that was pushed again since it was planned", async () => {
    const target = registry([repositoryOf({ 1: {}, 2: {}, 10: { children: [1] } }, { v1: 2, v2: 2, old: 2 })]);
    await carryOut(target, [plan(before, ["v1", "old"])], noneInUse);
    expect(target.deleted).toEqual(["team-a/app old"]);
  });

  it.each([
    ["its tag", plan(before, ["v1"])],
    ["its digest", plan(before, [], [digest(10)])],
  ])("leaves an image that got another tag since it was planned by %s", async (_how, planned) => {
    const tags = { v1: 10, stable: 10, v2: 2, old: 2 };
    const target = registry([repositoryOf({ 1: {}, 2: {}, 10: { children: [1] } }, tags)]);
    await carryOut(target, [planned], noneInUse);
    expect(target.deleted).toEqual([]);
  });

  it("leaves a child that a new index has begun to use", async () => {
    const now = repositoryOf({ 1: {}, 2: {}, 10: { children: [1] }, 11: { children: [1] } }, { v1: 10, v3: 11 });
    const target = registry([now]);
    await carryOut(target, [plan(before, ["v1"])], noneInUse);
    expect(target.deleted).toEqual([`team-a/app ${digest(10)}`]);
  });

  it("goes on after a failure in one repository, and says how many failed", async () => {
    const other = repositoryOf({ 1: {} }, { v1: 1 }, "team-b/app");
    const target = registry([before, other], ["team-a/app"]);
    await expect(carryOut(target, [plan(before, ["v1"]), plan(other, ["v1"])], noneInUse)).rejects.toThrow(
      "not everything was deleted: 1 of 2 repositories failed",
    );
    expect(target.deleted).toEqual([`team-b/app ${digest(1)}`]);
  });
});
