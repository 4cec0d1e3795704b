import { describe, expect, it } from "vitest";
import { noneInUse } from "../../../../operations/deletion/in-use.ts";
import { planRepository } from "../../../../operations/deletion/plan-repository.ts";
import { DeletionReport, deletionReport } from "../../../../operations/deletion/report.ts";
import { reportText } from "../../../../operations/deletion/report-text.ts";
import { selectByRules } from "../../../../operations/deletion/selection.ts";
import { digest, referrerTag, repositoryOf } from "./contents.ts";

const old = { created: "2026-01-01T00:00:00Z" };
const app = repositoryOf(
  {
    1: { ...old, layers: [101, 102] },
    2: { ...old, layers: [102, 103] },
    10: { children: [1] },
    20: { layers: [104] },
    30: { layers: [105] },
  },
  { v1: 10, old: 2, main: 2, [referrerTag(10, ".sig")]: 20, [referrerTag(2, ".sig")]: 30 },
);
const other = repositoryOf({ 3: { layers: [101] } }, { v1: 3 }, "team-b/app");

function report(dryRun: boolean) {
  const repositories = [app, other];
  const selection = selectByRules({ repositories }, [{ repositories: "team-a/**", keepTags: ["main"] }], new Date());
  const asked = selection.get("team-a/app") ?? { tags: new Set<string>(), digests: new Set<string>() };
  const plans = [planRepository(app, asked, noneInUse)];
  return deletionReport({ plans, repositories, selection, dryRun, pods: "no cluster" });
}

describe("the report of a deletion", () => {
  it("follows its schema, and says what goes, what stays and why", () => {
    expect(DeletionReport.strict().parse(report(true))).toEqual({
      dryRun: true,
      pods: "no cluster",
      // The layer 104 alone, and three manifests: 101 is in another repository, and 102 in an image that stays.
      freedBytes: 1030,
      repositories: [
        {
          repository: "team-a/app",
          deleted: [
            { digest: digest(20), tags: [referrerTag(10, ".sig")] },
            { digest: digest(10), tags: ["v1"], created: "2026-01-01T00:00:00.000Z" },
            { digest: digest(1), tags: [], created: "2026-01-01T00:00:00.000Z" },
          ],
          tagsAlone: [{ tag: "old", digest: digest(2) }],
          retained: [
            { tag: "main", digest: digest(2), reason: "matches main" },
            { tag: referrerTag(2, ".sig"), digest: digest(30), reason: "belongs to an image that stays" },
          ],
          retainedUntagged: [],
        },
      ],
    });
  });

  it("is a text that people read", () => {
    expect(reportText(report(true), { details: true })).toBe(
      [
        "team-a/app",
        `  goes   ${referrerTag(10, ".sig")} (${digest(20).slice(0, 19)})`,
        `  goes   v1 (${digest(10).slice(0, 19)} of 2026-01-01)`,
        "  goes   1 manifest of theirs without a tag: platforms, referrers",
        "  goes   old, the tag alone: its image stays",
        "  stays  main: matches main",
        `  stays  ${referrerTag(2, ".sig")}: belongs to an image that stays`,
        "",
        "3 manifests and 1 tag alone would be deleted; the next collection of garbage can free 1.0 kB",
        "What pods run was not looked at: the stack names no cluster (kubernetes:context).",
      ].join("\n"),
    );
    expect(reportText(report(false), { details: false })).not.toMatch(/stays {2}|would be/);
  });
});
