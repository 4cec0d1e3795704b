import { expect, it } from "vitest";
import { bytesPerSecond, RateLimit } from "../../../../operations/copy/rate-limit.ts";

it.each([
  ["500kB", 500_000],
  ["10MB", 10_000_000],
  ["1GB", 1_000_000_000],
])("--limit-rate %s › is %d bytes each second", (text, bytes) => {
  expect(bytesPerSecond(text)).toBe(bytes);
});

it.each(["10", "0MB", "1.5MB", "10mb", "10MB/s", "-1MB"])("--limit-rate › refuses %o", (text) => {
  expect(() => bytesPerSecond(text)).toThrow("--limit-rate is a number of kB, MB or GB each second");
});

it("a rate limit › has bytes wait for all that were let through before", () => {
  const limit = new RateLimit(1000);
  expect(limit.waitMs(500, 10_000)).toBe(500);
  expect(limit.waitMs(500, 10_000)).toBe(1000);
  expect(limit.waitMs(500, 10_200)).toBe(1300);
});

it("a rate limit › does not save up for later what was not used", () => {
  const limit = new RateLimit(1000);
  limit.waitMs(500, 10_000);
  expect(limit.waitMs(500, 60_000)).toBe(500);
});
