import { expect, it } from "vitest";
import { queue } from "../../../ui/registry/queue.ts";

it("queue › runs at most `width` tasks at a time, in order", async () => {
  const inTurn = queue(3);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const task = (number: number) => async () => {
    begun.push(number);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, number % 4));
    running -= 1;
    return number;
  };
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  expect(await Promise.all(numbers.map((number) => inTurn(task(number))))).toEqual(numbers);
  expect(begun).toEqual(numbers);
  expect(most).toBe(3);
});

it("queue › never starts a task aborted while it waited, and continues with the next", async () => {
  const inTurn = queue(1);
  const begun: string[] = [];
  const stop = new AbortController();
  const first = inTurn(() => new Promise((resolve) => setTimeout(resolve, 5)));
  const given = inTurn(async () => void begun.push("given up"), { signal: stop.signal });
  const next = inTurn(async () => void begun.push("next"));
  stop.abort(new Error("scrolled past"));
  await expect(given).rejects.toThrow("scrolled past");
  await Promise.all([first, next]);
  expect(begun).toEqual(["next"]);
});

it("queue › continues after a task that failed", async () => {
  const inTurn = queue(1);
  const failed = inTurn(async () => {
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(await inTurn(async () => "yes")).toBe("yes");
});

it("queue › starts an urgent task before the waiting ones", async () => {
  const inTurn = queue(1);
  const begun: string[] = [];
  const note = (name: string) => async () => void begun.push(name);
  await Promise.all([inTurn(note("first")), inTurn(note("waiting")), inTurn(note("urgent"), { urgent: true })]);
  expect(begun).toEqual(["first", "urgent", "waiting"]);
});
