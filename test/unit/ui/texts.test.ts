import { describe, expect, it } from "vitest";
import { ageText, createdAt, timeText } from "../../../ui/registry/created.ts";
import { sizeRange, sizeText } from "../../../ui/registry/size.ts";

describe("sizeText", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [999_960, "1.0 MB"],
    [28_437_120, "28.4 MB"],
    [284_371_200, "284 MB"],
    [1_234_567_890, "1.2 GB"],
    [5e15, "5000 TB"],
  ])("says %d bytes as %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

describe("sizeRange", () => {
  it.each<[number[], string]>([
    [[], ""],
    [[5_000_000], "5.0 MB"],
    [[5_010_000, 5_020_000], "5.0 MB"],
    [[31_400_000, 28_100_000], "28.1 – 31.4 MB"],
    [[900_000, 1_200_000], "900 kB – 1.2 MB"],
  ])("says %j as %s", (sizes, text) => {
    expect(sizeRange(sizes)).toBe(text);
  });
});

describe("createdAt", () => {
  it.each(["1970-01-01T00:00:00Z", "1980-01-01T00:00:01Z", "0001-01-01T00:00:00Z", "yesterday", "", undefined])(
    "takes %s for no date",
    (text) => {
      expect(createdAt(text)).toBeUndefined();
    },
  );

  it("reads what builders write", () => {
    expect(timeText(createdAt("2026-03-04T05:06:07.123456789Z") ?? new Date(0))).toBe("2026-03-04 05:06 UTC");
  });
});

describe("ageText", () => {
  const now = new Date("2026-03-04T05:06:07Z");
  it.each([
    ["2026-03-04T05:05:30Z", "just now"],
    ["2026-03-04T05:04:00Z", "2 minutes ago"],
    ["2026-03-03T05:06:07Z", "1 day ago"],
    ["2026-01-01T00:00:00Z", "2 months ago"],
    ["2019-01-01T00:00:00Z", "7 years ago"],
    ["2026-03-05T06:00:00Z", "in 1 day"],
  ])("says %s as %s", (then, text) => {
    expect(ageText(new Date(then), now)).toBe(text);
  });
});
