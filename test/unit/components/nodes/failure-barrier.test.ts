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

/** Three running resources, which a test finishes or fails one by one. */
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

/** Runs everything that can run within a time. */
const advanced = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

it("FailureBarrier › holds a failure back until the last of the others has finished", async () => {
  const { end, fail } = await three(8);
  const failure = fail("a");
  end(1);
  await advanced(60_000);
  expect(failure.over).toBe(false);
  end(2);
  await advanced();
  expect(failure.over).toBe(true);
});

it("FailureBarrier › counts another failure as finished", async () => {
  const { end, fail } = await three(8);
  const failures = [fail("a"), fail("b")];
  await advanced();
  expect(failures.map(({ over }) => over)).toEqual([false, false]);
  end(2);
  await advanced();
  expect(failures.map(({ over }) => over)).toEqual([true, true]);
});

it("FailureBarrier › reports failures at once when they block every worker of the engine", async () => {
  const { fail } = await three(2);
  const failures = [fail("a"), fail("b")];
  await advanced();
  expect(failures.map(({ over }) => over)).toEqual([true, true]);
});

it("FailureBarrier › reports a failure after four minutes in which no other resource finished", async () => {
  const { end, fail } = await three(8);
  const failure = fail("a");
  await advanced(200_000);
  end(1);
  await advanced(200_000);
  expect(failure.over).toBe(false);
  await advanced(40_000);
  expect(failure.over).toBe(true);
});

it("FailureBarrier › does not hold back a failed removal", async () => {
  const { fail } = await three(8);
  const failure = fail("gone", "delete");
  await advanced();
  expect(failure.over).toBe(true);
});

it("FailureBarrier › does not wait for nodes that depend on a failed one, and names them as still pending", async () => {
  const { end, fail } = await three(8, { b: "a", c: "b" });
  const failure = fail("a");
  await advanced();
  expect(failure.over).toBe(true);
  expect(pulumi.log.warn).toHaveBeenCalledWith(
    expect.stringMatching(/^a failed, .*: b, c are still pending; .* run pulumi up again$/),
  );
  end(1);
});

it("FailureBarrier › waits for nodes that a failed one depends on, and names only those that depend on it", async () => {
  const { end, fail } = await three(8, { c: "b" });
  const failure = fail("b");
  await advanced();
  expect(failure.over).toBe(false);
  expect(pulumi.log.warn).toHaveBeenCalledWith(expect.stringContaining(": c are still pending;"));
  end(0);
  await advanced();
  expect(failure.over).toBe(true);
});

it("FailureBarrier › says how to remove a machine that no longer exists from the state", async () => {
  const { fail } = await three(8);
  fail("gone", "delete");
  await advanced();
  expect(pulumi.log.warn).toHaveBeenCalledWith(expect.stringContaining("pulumi state delete 'urn of gone'"));
});
