import { expect, it } from "vitest";
import { copyReportText } from "../../../../operations/copy/copy-report.ts";

const report = {
  from: "https://old.example.org",
  to: "https://new.example.org",
  repositories: 1,
  copied: 1,
  agreed: [{ repository: "app", tag: "v1", digest: "sha256:1" }],
  differences: [],
};

it("the report of a copy › says that both sides agree", () => {
  expect(copyReportText(report)).toBe(
    "https://old.example.org and https://new.example.org agree in 1 tags of 1 repositories: digests, platforms, referrers (1 copied)",
  );
});

it("the report of a copy › names every difference", () => {
  const differences = [
    { repository: "app", tag: "v2", problem: "is missing" },
    { repository: "app", tag: "v3", problem: "is sha256:2 instead of sha256:3" },
  ];
  expect(copyReportText({ ...report, differences }).split("\n")).toEqual([
    "https://old.example.org and https://new.example.org agree in 1 tags of 1 repositories (1 copied), and differ in 2:",
    "  app:v2 is missing",
    "  app:v3 is sha256:2 instead of sha256:3",
  ]);
});
