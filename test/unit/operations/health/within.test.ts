import { expect, it } from "vitest";
import { within } from "../../../../operations/health/within.ts";

it("within › hands back what the work found, or its error", async () => {
  expect(await within(10, "the host", async () => "found")).toBe("found");
  await expect(
    within(10, "the host", async () => {
      throw new Error("no route");
    }),
  ).rejects.toThrow("no route");
});

it("within › ends work that hangs, and says who did not answer", async () => {
  let ended = false;
  const hangs = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.onabort = () => {
        ended = true;
        reject(new Error("aborted"));
      };
    });
  await expect(within(0.01, "203.0.113.5", hangs)).rejects.toThrow("203.0.113.5 does not answer within 0.01 s");
  expect(ended).toBe(true);
});
