import * as pulumi from "@pulumi/pulumi";
import { warnOfFailedRemoval } from "../failed-removal.ts";

/**
 * How long a failure waits while no other resource finishes, in seconds. After that, the others are assumed not to run at
 * all: every worker of the engine is blocked by a failure, or another resource has failed. One node may take this long.
 * @default 240
 */
const quietSeconds = 240;

/**
 * Holds back the failure of one resource until the others of its set have finished. The engine starts no new operation
 * after the first failure, so without this a single unreachable node would leave queued nodes without trust.
 * @see pulumi: pkg/resource/deploy/step_executor.go, cancelDueToError
 */
export class FailureBarrier {
  /** Pass these hooks to every resource of the set. */
  readonly hooks: pulumi.ResourceHookBinding;

  readonly #running = new Set<string>();
  /** Resource name → the resource that depends on it. */
  readonly #next = new Map<string, string>();
  readonly #workers: number;
  #held = 0;
  /** Each waiting failure's check whether it may be reported now. */
  #checks = new Set<() => void>();

  /** `name` identifies the set's error hook; `workers` is how many operations the engine runs at once. */
  constructor(name: string, workers = Number(process.env.PULUMI_NODEJS_PARALLEL ?? 1)) {
    this.#workers = workers;
    this.hooks = { onError: [new pulumi.ErrorHook(name, (failure) => this.#failed(failure))] };
  }

  /** Adds a resource by its name. `done` is any of its outputs, `after` the name of the resource that it depends on. */
  add(name: string, done: pulumi.Output<unknown>, after?: string): void {
    this.#running.add(name);
    if (after !== undefined) this.#next.set(after, name);
    done.apply(() => this.#finished(name));
  }

  #finished(name: string): void {
    this.#running.delete(name);
    for (const check of this.#checks) check();
  }

  /** The error hook. Returns false: the engine must not try again. */
  async #failed(failure: pulumi.ErrorHookArgs): Promise<boolean> {
    const { name, failedOperation } = failure;
    if (failedOperation === "delete") return warnOfFailedRemoval(failure);
    this.#held += 1;
    this.#skipDependents(name);
    this.#finished(name);
    if (!this.#mayReport())
      void pulumi.log.info(`${name} failed; up goes on with the other ${this.#running.size} before it reports that`);
    await this.#untilMayReport();
    return false;
  }

  /**
   * Removes the resources that depend on a failed one from the set. The engine never starts them, so no failure waits
   * for them.
   */
  #skipDependents(failed: string): void {
    const skipped: string[] = [];
    for (let name = this.#next.get(failed); name !== undefined; name = this.#next.get(name)) {
      skipped.push(name);
      this.#running.delete(name);
    }
    if (skipped.length > 0)
      void pulumi.log.warn(
        `${failed} failed, so the nodes after it are not restarted: ${skipped.join(", ")} are still pending; repair that node, and run pulumi up again`,
      );
  }

  #mayReport(): boolean {
    return this.#running.size === 0 || this.#held >= this.#workers;
  }

  #untilMayReport(): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = () => {
        clearTimeout(timer);
        this.#checks.delete(check);
        resolve();
      };
      const check = () => {
        clearTimeout(timer);
        if (this.#mayReport()) end();
        else timer = setTimeout(end, quietSeconds * 1000);
      };
      this.#checks.add(check);
      check();
    });
  }
}
