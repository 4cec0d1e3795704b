import { EventEmitter } from "node:events";
import { expect, it, vi } from "vitest";
import { dialTcp } from "../../../../lab/pulumi-fakes/command/ssh/tcp.ts";

vi.mock("node:net", () => ({
  connect: () => Object.assign(new EventEmitter(), { destroy: destroyed }),
}));

/** A host that swallows every packet: nothing happens until the caller gives up. */
function destroyed(this: EventEmitter, error: Error): void {
  this.emit("error", error);
}

it("gives up after perDialTimeout seconds", async () => {
  vi.useFakeTimers();
  const dialled = expect(dialTcp("registry.example.org", 22, 15)).rejects.toThrow(
    "dial tcp registry.example.org:22: i/o timeout",
  );
  await vi.advanceTimersByTimeAsync(14_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await dialled;
  vi.useRealTimers();
});
