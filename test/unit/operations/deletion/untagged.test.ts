import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Repository } from "../../../../operations/contents/contents.ts";
import { carryOut } from "../../../../operations/deletion/carry-out.ts";
import { noneInUse } from "../../../../operations/deletion/in-use.ts";
import { planRepository } from "../../../../operations/deletion/plan-repository.ts";
import { deletionReport } from "../../../../operations/deletion/report.ts";
import { reportText } from "../../../../operations/deletion/report-text.ts";
import { selectByRules } from "../../../../operations/deletion/selection.ts";
import { listingScript, storedManifests } from "../../../../operations/deletion/untagged/stored-manifests.ts";
import { digest, inUse, referrerTag, repositoryOf } from "./contents.ts";

const now = new Date("2027-01-31T12:00:00Z");
const rules = [{ repositories: "**", untaggedAfter: 7 }];

/** A repository with manifests that no tag leads to: by number, how many days ago each was pushed. */
function untaggedIn(repository: Repository, days: Record<number, number>): Repository {
  const pushed = (ago: number) => new Date(now.getTime() - ago * 86_400_000);
  return {
    ...repository,
    untagged: new Map(Object.entries(days).map(([of, ago]) => [digest(Number(of)), pushed(ago)])),
  };
}

function planned(repository: Repository, used = noneInUse) {
  const selection = selectByRules({ repositories: [repository] }, rules, now);
  const asked = selection.get(repository.name) ?? expect.fail("no rule");
  const plan = planRepository(repository, asked, used);
  const [report] = deletionReport({
    ...{ plans: [plan], repositories: [repository], selection },
    ...{ dryRun: true, pods: "no cluster" },
  }).repositories;
  const numberOf = (each: string) => Number.parseInt(each.slice("sha256:".length), 16);
  return {
    plan,
    goes: plan.deletes.map(numberOf),
    stays: Object.fromEntries((report?.retainedUntagged ?? []).map((each) => [numberOf(each.digest), each.reason])),
  };
}

describe("untaggedAfter", () => {
  it("takes manifests that were last pushed before, and no tag", () => {
    const { goes, stays, plan } = planned(untaggedIn(repositoryOf({ 1: {}, 2: {}, 3: {} }, { v1: 1 }), { 2: 8, 3: 6 }));
    expect([goes, stays]).toEqual([[2], { 3: "was pushed less than 7 days ago" }]);
    expect(plan.untags).toEqual([]);
  });

  it("leaves what an index without a tag needs that stays", () => {
    const repository = repositoryOf({ 1: {}, 2: {}, 10: { children: [1] }, 11: { children: [2] } }, {});
    const { goes, stays } = planned(untaggedIn(repository, { 1: 30, 2: 30, 10: 1, 11: 30 }));
    expect(goes).toEqual([11, 2]);
    expect(stays).toEqual({ 1: `${digest(10)} needs it`, 10: "was pushed less than 7 days ago" });
  });

  it("leaves referrers of images that stay, with a tag or without one", () => {
    const repository = repositoryOf({ 1: {}, 2: {}, 20: { subject: 1 }, 21: { subject: 2 } }, { v1: 1 });
    const { goes, stays } = planned(untaggedIn(repository, { 2: 1, 20: 30, 21: 30 }));
    expect(goes).toEqual([]);
    expect(stays).toMatchObject({
      20: `belongs to ${digest(1)}, which stays`,
      21: `belongs to ${digest(2)}, which stays`,
    });
  });

  it("takes an image with its referrers, young or old, and its tags sha256-HEX", () => {
    const repository = repositoryOf({ 1: {}, 20: { subject: 1 }, 30: {} }, { [referrerTag(1, ".sig")]: 30 });
    expect(planned(untaggedIn(repository, { 1: 30, 20: 1 })).goes.toSorted()).toEqual([1, 20, 30]);
  });

  it("leaves what a tag's referrer refers to, and what a pod runs", () => {
    const repository = repositoryOf({ 1: {}, 2: {}, 20: { subject: 1 } }, { scan: 20 });
    const { goes, stays } = planned(untaggedIn(repository, { 1: 30, 2: 30 }), inUse([2]));
    expect([goes, stays]).toEqual([[], { 1: "scan needs it", 2: "pod apps/web runs it" }]);
  });

  it("keeps every tag where it is a rule's only field, and beside keepLast only those that stay by it", () => {
    const repository = repositoryOf({ 1: { created: "2026-01-01" }, 2: { created: "2027-01-01" } }, { v1: 1, v2: 2 });
    const of = (rule: object) =>
      selectByRules({ repositories: [repository] }, [{ ...rules[0], repositories: "**", ...rule }], now).get(
        repository.name,
      )?.tags;
    expect([of({}), of({ keepLast: 1 })]).toEqual([new Set(), new Set(["v1"])]);
  });

  it("says what goes and stays, each with the reason", () => {
    const repository = untaggedIn(repositoryOf({ 1: {}, 2: {} }, {}), { 1: 30, 2: 1 });
    const selection = selectByRules({ repositories: [repository] }, rules, now);
    const plans = [planRepository(repository, selection.get(repository.name) ?? expect.fail(), noneInUse)];
    const described = { plans, repositories: [repository], selection, pods: "retained" } as const;
    const report = deletionReport({ ...described, dryRun: true });
    expect(reportText(report, { details: true })).toContain(
      [
        "  goes   sha256:000000000000: no tag leads to it, and it was last pushed on 2027-01-01",
        "  stays  sha256:000000000000: was pushed less than 7 days ago",
      ].join("\n"),
    );
    expect(reportText(report, { details: false })).toContain("  goes   1 manifest that no tag leads to\n");
  });
});

describe("a manifest without a tag", () => {
  const before = untaggedIn(repositoryOf({ 1: {}, 2: {}, 10: { children: [2] } }, {}), { 1: 30, 2: 30, 10: 30 });
  const { plan } = planned(before);

  it.each([
    ["is deleted if nothing has happened to it since", before, [10, 2, 1]],
    ["stays if it was pushed again since it was planned", untaggedIn(before, { 1: 0, 2: 30, 10: 30 }), [10, 2]],
    [
      "stays if a tag leads to it now",
      untaggedIn(repositoryOf({ 1: {}, 2: {}, 10: { children: [2] } }, { v1: 10 }), { 1: 30 }),
      [1],
    ],
    [
      "stays if an index that was pushed since needs it",
      untaggedIn(repositoryOf({ 1: {}, 2: {}, 11: { children: [1] } }, {}), { 1: 30, 2: 30, 11: 0 }),
      [2],
    ],
  ])("%s", async (_what, after, deleted) => {
    const seen: string[] = [];
    const deleteManifest = async (_repository: string, reference: string) => void seen.push(reference);
    await carryOut({ read: async () => after, deleteManifest }, [plan], noneInUse);
    expect(seen).toEqual(deleted.map(digest));
  });
});

describe("the listing of a storage", () => {
  it("has each repository's manifests with the time of their last push, and what its tags name", () => {
    const storage = storageWith({
      "a/_manifests/revisions/sha256/HEX1/link": 1,
      "a/_manifests/tags/v1/current/link": 1,
      "a/_manifests/tags/v1/index/sha256/HEX2/link": 2,
      "a/_layers/sha256/HEX3/link": 3,
      "a/b/_manifests/revisions/sha256/HEX2/link": 2,
    });
    const listed = (...where: string[]) =>
      storedManifests(execFileSync("sh", ["-c", listingScript(storage, ...where)], { encoding: "utf8" }));
    const at = new Date("2027-01-01T00:00:00Z");
    const [ofA, ofB] = [
      { pushed: new Map([[digest(1), at]]), tagged: new Set([digest(1)]) },
      { pushed: new Map([[digest(2), at]]), tagged: new Set() },
    ];
    expect(listed()).toEqual(
      new Map([
        ["a", ofA],
        ["a/b", ofB],
      ]),
    );
    expect(listed("a")).toEqual(
      new Map([
        ["", ofA],
        ["b", ofB],
      ]),
    );
    expect(listed("missing")).toEqual(new Map());
  });
});

/** A storage with these links: HEX and a number in a path stand for the number's digest. */
function storageWith(links: Record<string, number>): string {
  const folder = mkdtempSync(join(tmpdir(), "storage-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, of] of Object.entries(links)) {
    const hex = digest(of).slice("sha256:".length);
    const file = join(folder, "docker/registry/v2/repositories", path.replace(/HEX\d/, hex));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, digest(of));
    utimesSync(file, new Date(0), new Date("2027-01-01T00:00:00Z"));
  }
  return folder;
}
