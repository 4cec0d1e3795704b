import { expect, it, vi } from "vitest";
import { lookAfterFix } from "../../../../operations/health/machines/look-after-fix.ts";

const report = (...checks: string[]) => ({ findings: checks.map((check) => ({ check })) });

it.each([
  ["looks once where all is well", [report()], 0],
  ["does not wait where something else is left", [report("disk-full")], 0],
  ["looks again after Docker's next health check", [report("container-unhealthy"), report()], 1],
  ["reports a container that stays unhealthy", [report("container-unhealthy"), report("container-unhealthy")], 1],
])("lookAfterFix › %s", async (_what, reports, waits) => {
  const look = vi.fn(async () => reports[look.mock.calls.length - 1] ?? report("one look too many"));
  const wait = vi.fn(async () => {});
  expect(await lookAfterFix(look, wait)).toEqual(reports.at(-1));
  expect(look).toHaveBeenCalledTimes(reports.length);
  expect(wait).toHaveBeenCalledTimes(waits);
});
