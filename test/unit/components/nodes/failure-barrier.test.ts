import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FailureBarrier } from "../../../../components/nodes/failure-barrier.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(pulumi, "ErrorHook").mockImplementation(function (this: object, name, callback) {
    return Object.assign(this, { name, callback }) as pulumi.ErrorHook;
  });
  vi.spyOn(pulumi.log, "info").mockResolvedValue();
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Three resources under way, to be ended or failed one by one. */
async function three(workers: number, after: Record<string, string> = {}) {
  const set = new FailureBarrier("test", workers);
  const ends = ["a", "b", "c"].map((name) => {
    let end: (value: string) => void = () => {};
    set.add(
      name,
      pulumi.output(
        new Promise<string>((resolve) => {
          end = resolve;
        }),
      ),
      after[name],
    );
    return end;
  });
  const [hook] = set.hooks.onError ?? [];
  const fail = (name: string, failedOperation = "create") => {
    const held = { over: false };
    void Promise.resolve(hook?.callback({ name, urn: `urn of ${name}`, failedOperation } as pulumi.ErrorHookArgs)).then(
      (again) => {
        expect(again).toBe(false);
        held.over = true;
      },
    );
    return held;
  };
  return { end: (index: number) => ends[index]?.(""), fail };
}

/** Lets everything that can go on go on. */
const settled = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

it("FailureBarrier › holds a failure until the last of the others has ended", async () => {
  const { end, fail } = await three(8);
  const failure = fail("a");
  end(1);
  await settled(60_000);
  expect(failure.over).toBe(false);
  end(2);
  await settled();
  expect(failure.over).toBe(true);
});

it("FailureBarrier › counts another failure as an end", async () => {
  const { end, fail } = await three(8);
  const failures = [fail("a"), fail("b")];
  await settled();
  expect(failures.map(({ over }) => over)).toEqual([false, false]);
  end(2);
  await settled();
  expect(failures.map(({ over }) => over)).toEqual([true, true]);
});

it("FailureBarrier › lets go where every worker of the engine holds a failure", async () => {
  const { fail } = await three(2);
  const failures = [fail("a"), fail("b")];
  await settled();
  expect(failures.map(({ over }) => over)).toEqual([true, true]);
});

it("FailureBarrier › lets go after four minutes in which nothing ended", async () => {
  const { end, fail } = await three(8);
  const failure = fail("a");
  await settled(200_000);
  end(1);
  await settled(200_000);
  expect(failure.over).toBe(false);
  await settled(40_000);
  expect(failure.over).toBe(true);
});

it("FailureBarrier › holds back no failed removal: nothing else is waiting then", async () => {
  const { fail } = await three(8);
  const failure = fail("gone", "delete");
  await settled();
  expect(failure.over).toBe(true);
});

it("FailureBarrier › waits for nobody behind a failure in a chain, and names them as still due", async () => {
  const { end, fail } = await three(8, { b: "a", c: "b" });
  const failure = fail("a");
  await settled();
  expect(failure.over).toBe(true);
  expect(pulumi.log.warn).toHaveBeenCalledWith(
    expect.stringMatching(/^a failed, .*: b, c are still due; .* run pulumi up again$/),
  );
  end(1);
});

it("FailureBarrier › waits for those before a failure in a chain, and names only those behind it", async () => {
  const { end, fail } = await three(8, { c: "b" });
  const failure = fail("b");
  await settled();
  expect(failure.over).toBe(false);
  expect(pulumi.log.warn).toHaveBeenCalledWith(expect.stringContaining(": c are still due;"));
  end(0);
  await settled();
  expect(failure.over).toBe(true);
});

it("FailureBarrier › tells how to forget a machine that is gone for good", async () => {
  const { fail } = await three(8);
  fail("gone", "delete");
  await settled();
  expect(pulumi.log.warn).toHaveBeenCalledWith(expect.stringContaining("pulumi state delete 'urn of gone'"));
});
