import { afterAll, beforeAll } from "vitest";

/** Collects what must be undone. It is undone in reverse order, also where `start` fails halfway. */
export interface Cleanup {
  /** Disposes of the resource after the tests, once, and returns it. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource;
  /** Runs the action after the tests. */
  defer(action: () => unknown): void;
}

/**
 * Gives a test file, or one `describe` block, its world: `start` runs in a `beforeAll` hook, and the cleanup in `afterAll`.
 * Returns a function that tests call to get the world.
 * A world that is itself disposable is disposed of before what `cleanup` collected.
 *
 *     const world = withWorld(async ({ use }) => {
 *       const machine = use(await startMachine({ name: "node", kind: "bare" }));
 *       return { machine, image: await testImage(machine) };
 *     });
 *     it("runs commands", async () => expect(await world().machine.run("id -u")).toBe("0"));
 */
export function withWorld<World extends object>(start: (cleanup: Cleanup) => Promise<World>): () => World {
  const actions: (() => unknown)[] = [];
  const defer = (action: () => unknown) => void actions.push(action);
  const used = new Set<AsyncDisposable>();
  const use = <Resource extends AsyncDisposable>(resource: Resource) => {
    if (!used.has(resource)) defer(() => resource[Symbol.asyncDispose]());
    used.add(resource);
    return resource;
  };
  let world: World | undefined;
  beforeAll(async () => {
    world = await start({ use, defer });
    if (isDisposable(world)) use(world);
  });
  afterAll(() => runInReverse(actions));
  return () => {
    if (!world) throw new Error("the world has not started: call this function inside a test or a later hook");
    return world;
  };
}

function isDisposable(value: object): value is AsyncDisposable {
  return Symbol.asyncDispose in value;
}

/** Runs every action, even after one has failed, and then throws what failed. */
async function runInReverse(actions: (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const action of actions.splice(0).reverse()) {
    try {
      await action();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `cleanup failed:\n${errors.map(String).join("\n")}`);
}
