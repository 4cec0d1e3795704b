import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder, withFreshWorld, withWorld } from "../with-world.ts";

const undone: string[] = [];

describe("withWorld", () => {
  // Registered before the hook of `withWorld`, so it runs after that one.
  afterAll(() => expect(undone).toEqual(["world", "second", "first"]));

  const world = withWorld(async ({ use, defer }) => {
    use({ [Symbol.asyncDispose]: async () => void undone.push("first") });
    defer(() => undone.push("second"));
    return { name: "earth", [Symbol.asyncDispose]: async () => void undone.push("world") };
  });
  // Outside a test or hook, the world cannot have started yet.
  expect(world).toThrow("the world has not started");

  it("gives tests the world that was started, and undoes it in reverse order after them", () => {
    expect(world().name).toBe("earth");
    expect(undone).toEqual([]);
  });
});

describe("withFreshWorld", () => {
  const folders: string[] = [];
  const folder = withFreshWorld((cleanup) => temporaryFolder(cleanup, "fresh-world"));

  it.each(["first", "second"])("gives the %s test a world of its own, and undoes that of the test before", () => {
    expect(folders.map((each) => existsSync(each))).toEqual(folders.map(() => false));
    expect(folders).not.toContain(folder());
    expect(existsSync(folder())).toBe(true);
    folders.push(folder());
  });
});
