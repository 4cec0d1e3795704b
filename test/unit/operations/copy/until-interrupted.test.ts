import { once } from "node:events";
import { expect, it } from "vitest";
import { untilInterrupted } from "../../../../operations/copy/until-interrupted.ts";

it("Ctrl-C › ends what runs, and leaves it to the caller to end the process", async () => {
  const before = process.listenerCount("SIGINT");
  const found: number[] = [];
  // As execa, which kills the process where no other listener is left.
  const other = () => found.push(process.listenerCount("SIGINT"));
  let aborted = false;
  const running = untilInterrupted(async (signal) => {
    process.on("SIGINT", other);
    setImmediate(() => process.emit("SIGINT"));
    await once(signal, "abort");
    aborted = true;
    await new Promise(() => {});
  });
  await expect(running).rejects.toThrow("interrupted; the same command goes on where this one ended");
  process.off("SIGINT", other);
  expect([aborted, found, process.listenerCount("SIGINT")]).toEqual([true, [before + 2], before]);
});

it("Ctrl-C › is not waited for", async () => {
  expect(await untilInterrupted(async () => 1)).toBe(1);
});
