import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

/** Collects what must be undone. It is undone in reverse order, also where `start` fails halfway. */
export interface Cleanup {
  /** Disposes of the resource after the tests, once, and returns it. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource;
  /** Runs the action after the tests. */
  defer(action: () => unknown): void;
}

type Start<World> = (cleanup: Cleanup) => World | Promise<World>;

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
export function withWorld<World>(start: Start<World>): () => World {
  const { begin, end, world } = worldOf(start);
  beforeAll(begin);
  afterAll(end);
  return world;
}

/**
 * Gives each test a world of its own, as `withWorld` gives one to all tests of a file or `describe` block: `start` runs in a
 * `beforeEach` hook, and the cleanup in `afterEach`. For what is started quickly, so that no test sees what another one left.
 */
export function withFreshWorld<World>(start: Start<World>): () => World {
  const { begin, end, world } = worldOf(start);
  beforeEach(begin);
  afterEach(end);
  return world;
}

/** Creates a temporary folder, which is deleted after the tests, and returns its path. Its name begins with `name`. */
export function temporaryFolder({ defer }: Pick<Cleanup, "defer">, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function worldOf<World>(start: Start<World>) {
  const actions: (() => unknown)[] = [];
  const defer = (action: () => unknown) => void actions.push(action);
  const used = new Set<AsyncDisposable>();
  const use = <Resource extends AsyncDisposable>(resource: Resource) => {
    if (!used.has(resource)) defer(() => resource[Symbol.asyncDispose]());
    used.add(resource);
    return resource;
  };
  let started: { world: World } | undefined;
  return {
    begin: async () => {
      const world = await start({ use, defer });
      if (isDisposable(world)) use(world);
      started = { world };
    },
    end: () => {
      started = undefined;
      return runInReverse(actions);
    },
    world: () => {
      if (!started) throw new Error("the world has not started: call this function inside a test or a later hook");
      return started.world;
    },
  };
}

function isDisposable(value: unknown): value is AsyncDisposable {
  return typeof value === "object" && value !== null && Symbol.asyncDispose in value;
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
