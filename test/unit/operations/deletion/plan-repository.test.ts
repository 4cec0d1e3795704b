import { describe, expect, it } from "vitest";
import type { Repository } from "../../../../operations/contents/contents.ts";
import { noneInUse } from "../../../../operations/deletion/in-use.ts";
import { planRepository } from "../../../../operations/deletion/plan-repository.ts";
import { digest, inUse, referrerTag, repositoryOf } from "./contents.ts";

function plan(repository: Repository, tags: string[], { digests = [] as number[], used = noneInUse } = {}) {
  const asked = { tags: new Set(tags), digests: new Set(digests.map(digest)) };
  const { deletes, untags, stays } = planRepository(repository, asked, used);
  return {
    deletes: deletes.map((each) => Number.parseInt(each.slice("sha256:".length), 16)),
    untags: untags.map(({ name }) => name),
    stays: Object.fromEntries(stays),
  };
}

const nothing = { deletes: [], untags: [], stays: {} };

describe("a deletion", () => {
  it("takes an image of one tag", () => {
    expect(plan(repositoryOf({ 1: {}, 2: {} }, { v1: 1, v2: 2 }), ["v1"])).toEqual({ ...nothing, deletes: [1] });
  });

  it("takes a tag alone where another tag names the same image", () => {
    const repository = repositoryOf({ 1: {} }, { v1: 1, latest: 1 });
    expect(plan(repository, ["v1"])).toEqual({ ...nothing, untags: ["v1"] });
    expect(plan(repository, ["v1", "latest"])).toEqual({ ...nothing, deletes: [1] });
  });

  it("takes an index before its children, and leaves the children that another index has", () => {
    const manifests = { 1: {}, 2: {}, 3: {}, 10: { children: [1, 2] }, 11: { children: [2, 3] } };
    expect(plan(repositoryOf(manifests, { v1: 10, v2: 11 }), ["v1"])).toEqual({ ...nothing, deletes: [10, 1] });
  });

  it("takes a tag alone where an index that stays has its image", () => {
    const repository = repositoryOf({ 1: {}, 10: { children: [1] } }, { "v1-amd64": 1, v1: 10 });
    expect(plan(repository, ["v1-amd64"])).toEqual({ ...nothing, untags: ["v1-amd64"] });
  });

  it("takes along what cosign stores beside an image and its platforms", () => {
    const tags = {
      v1: 10,
      [referrerTag(10, ".sig")]: 20,
      [referrerTag(1, ".sbom")]: 21,
      v2: 2,
      [referrerTag(2, ".sig")]: 22,
    };
    const repository = repositoryOf({ 1: {}, 2: {}, 10: { children: [1] }, 20: {}, 21: {}, 22: {} }, tags);
    expect(plan(repository, ["v1"]).deletes.sort()).toEqual([1, 10, 20, 21]);
  });

  it("takes along referrers that the API lists, and their list under the fallback tag", () => {
    const manifests = { 1: {}, 20: { subject: 1 }, 21: { subject: 20 }, 30: { children: [20] } };
    const { deletes, untags } = plan(repositoryOf(manifests, { v1: 1, [referrerTag(1)]: 30 }), ["v1"]);
    expect([deletes.toSorted(), untags]).toEqual([[1, 20, 21, 30], []]);
    expect(deletes.indexOf(30)).toBeLessThan(deletes.indexOf(20));
    expect(deletes.indexOf(20)).toBeLessThan(deletes.indexOf(1));
  });

  it("leaves the signatures of an image that stays under another tag", () => {
    const repository = repositoryOf({ 1: {}, 20: {} }, { v1: 1, latest: 1, [referrerTag(1, ".sig")]: 20 });
    expect(plan(repository, ["v1"])).toEqual({ ...nothing, untags: ["v1"] });
  });

  it("leaves signatures of manifests without a tag, which the API does not list", () => {
    const repository = repositoryOf({ 1: {}, 20: {} }, { v1: 1, [referrerTag(9, ".sig")]: 20 });
    expect(plan(repository, ["v1"])).toEqual({ ...nothing, deletes: [1] });
  });

  it("takes a signature that is asked for, and leaves its image", () => {
    const repository = repositoryOf({ 1: {}, 20: {} }, { v1: 1, [referrerTag(1, ".sig")]: 20 });
    expect(plan(repository, [referrerTag(1, ".sig")])).toEqual({ ...nothing, deletes: [20] });
  });

  it("leaves an image that a referrer with a tag of its own refers to", () => {
    const repository = repositoryOf({ 1: {}, 20: { subject: 1 } }, { v1: 1, scan: 20 });
    expect(plan(repository, ["v1"])).toEqual({ ...nothing, stays: { v1: "scan needs it" } });
    expect(plan(repository, ["v1", "scan"])).toEqual({ ...nothing, deletes: [20, 1] });
  });

  it("takes a digest with all its tags, and no child of an index", () => {
    const repository = repositoryOf({ 1: {}, 10: { children: [1] }, 2: {} }, { v1: 10, latest: 10, v2: 2 });
    expect(plan(repository, [], { digests: [10] })).toEqual({ ...nothing, deletes: [10, 1] });
    expect(plan(repository, [], { digests: [1] })).toEqual({ ...nothing, stays: { [digest(1)]: "v1 needs it" } });
  });
});

it("an immutable tag stays, and so does its image under other tags", () => {
  const repository = repositoryOf({ 1: {}, 2: {} }, { v1: 1, latest: 1, main: 2 });
  const used = { ...noneInUse, isImmutable: (_repository: string, tag: string) => tag.startsWith("v") };
  expect(plan(repository, ["v1", "latest", "main"], { used })).toEqual({
    deletes: [2],
    untags: ["latest"],
    stays: { v1: "it is immutable" },
  });
});

describe("what a pod runs", () => {
  const repository = repositoryOf({ 1: {}, 2: {}, 10: { children: [1] } }, { v1: 10, v2: 2 });
  const stays = (name: string) => ({ ...nothing, stays: { [name]: "pod apps/web runs it" } });

  it.each([
    ["by its tag", inUse([], ["team-a/app:v1"])],
    ["by its digest", inUse([10])],
    ["by the digest of one platform", inUse([1])],
  ])("stays with its tag: %s", (_how, used) => {
    expect(plan(repository, ["v1"], { used })).toEqual(stays("v1"));
    expect(plan(repository, ["v2"], { used })).toEqual({ ...nothing, deletes: [2] });
  });

  it("stays where another repository's tag of the same name goes", () => {
    expect(plan(repository, ["v1"], { used: inUse([], ["team-b/app:v1"]) }).deletes).toEqual([10, 1]);
  });
});
