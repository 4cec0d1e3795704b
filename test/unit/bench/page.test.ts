import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pageFiles } from "../../../bench/page/page.ts";
import { plot } from "../../../bench/page/plot.ts";
import { published, type Result, resultsIn } from "../../../bench/page/result.ts";
import { countRow, type Row, row } from "../../../bench/row.ts";

const docs = join(import.meta.dirname, "../../../docs");

const rows = [
  row({
    what: "pull",
    unit: "MB/s",
    peer: "zot",
    pairs: [
      [200, 100],
      [300, 100],
      [400, 100],
    ],
    atLeast: 1,
  }),
  row({ what: "wait", unit: "s", peer: "zot", pairs: [[4, 1]], atMost: 2 }),
  countRow({ what: "failures", unit: "clients", peer: "none", counted: 0, allowed: 0 }),
];

const result: Result = {
  suite: "clients",
  at: "2026-01-02T03:04:05.000Z",
  seconds: 61.2,
  environment: { cpu: "a CPU", cores: 2, memory: 8, kernel: "6.1", programs: { Caddy: "2.0" } },
  rows,
};

it("row › has the spread of ours and of the ratio over the rounds", () => {
  expect(rows[0]).toMatchObject({
    ratio: 3,
    rounds: 3,
    oursSpread: { minimum: 200, maximum: 400 },
    ratioSpread: { minimum: 2, maximum: 4 },
    met: true,
  });
});

it("benchmarks page › has a suite's rows between its marks, and keeps the prose", () => {
  const page = "# Prose\n<!-- clients -->\nold\n<!-- /clients -->\nmore prose\n";
  const { "benchmarks.md": text = "", ...others } = pageFiles(page, [result]);
  expect(text).toMatch(/^# Prose\n<!-- clients -->\n[\s\S]*<!-- \/clients -->\nmore prose\n$/);
  expect(text).toContain("| pull | 300 MB/s (200–400) | 100 MB/s | 3 (2–4) | 3 | >= 1 | yes | zot |");
  expect(text).toContain("| wait | 4 s | 1 s | 4 | 1 | <= 2 | NO | zot |");
  expect(text).toContain("62 s on 2 cores of a CPU, 8 GB, Linux 6.1; Caddy 2.0.");
  expect(text).not.toContain("old");
  expect(Object.keys(others)).toEqual(["benchmarks/clients.json", "benchmarks/clients.svg"]);
});

it("benchmarks page › is not written where it has no place for a suite", () => {
  expect(() => pageFiles("# Prose\n", [result])).toThrow("docs/benchmarks.md has no lines <!-- clients -->");
});

it("plot › shows what is better than the peer right of the line at 1, less time too, and no counts", () => {
  const svg = plot("clients", rows);
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="\d+" fill="(#\w+)"/g)];
  expect(bars).toHaveLength(2);
  const [[, better, , blue] = [], [, worse, width, orange] = []] = bars;
  expect(Number(worse) + Number(width)).toBeCloseTo(Number(better));
  expect(blue).not.toBe(orange);
  expect(svg).toContain("3.00×");
  expect(svg).toContain("0.250×");
});

it("plot › escapes what XML would read", () => {
  const named: Row = { ...row({ what: "a < b & c", unit: "s", peer: "d", pairs: [[1, 1]] }) };
  expect(plot("t", [named])).toContain("a &lt; b &amp; c");
});

it("docs/benchmarks.md › holds what `npm run bench -- --plot` writes from docs/benchmarks/*.json", async () => {
  const text = (path: string) => readFileSync(join(docs, path), "utf8");
  const files = pageFiles(text("benchmarks.md"), await resultsIn(published));
  for (const [path, expected] of Object.entries(files)) expect(text(path)).toBe(expected);
});
