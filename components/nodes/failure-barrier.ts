import * as pulumi from "@pulumi/pulumi";
import { warnOfFailedRemoval } from "../failed-removal.ts";

/**
 * How long a failure is held back while nothing else ends, in seconds. Then the others are not under way at all: every
 * worker of the engine holds a failure, or something else has failed. One node's own work may take as long.
 * @default 240
 */
const quietSeconds = 240;

/**
 * Has a failure among many wait for the others: Pulumi begins nothing new after the first one, so that a single dead
 * node would leave those behind it in the queue undone.
 * @see pulumi: pkg/resource/deploy/step_executor.go, cancelDueToError
 */
export class FailureBarrier {
  /** To be given to each of them. */
  readonly hooks: pulumi.ResourceHookBinding;

  readonly #underWay = new Set<string>();
  /** By the one that must be done before it. */
  readonly #next = new Map<string, string>();
  readonly #workers: number;
  #held = 0;
  /** Looks again whether the failures may go on. */
  #look = new Set<() => void>();

  /** `name` is the stack's own for this set; `workers` how many resources the engine works on at once. */
  constructor(name: string, workers = Number(process.env.PULUMI_NODEJS_PARALLEL ?? 1)) {
    this.#workers = workers;
    this.hooks = { onError: [new pulumi.ErrorHook(name, (failure) => this.#failed(failure))] };
  }

  /** One of them, known by the name of its resource; `done` is any output of it; `after` is the one that it depends on. */
  add(name: string, done: pulumi.Output<unknown>, after?: string): void {
    this.#underWay.add(name);
    if (after !== undefined) this.#next.set(after, name);
    done.apply(() => this.#ended(name));
  }

  #ended(name: string): void {
    this.#underWay.delete(name);
    for (const look of this.#look) look();
  }

  /** Never asks for another try. */
  async #failed(failure: pulumi.ErrorHookArgs): Promise<boolean> {
    const { name, failedOperation } = failure;
    if (failedOperation === "delete") return warnOfFailedRemoval(failure);
    this.#held += 1;
    this.#stopBehind(name);
    this.#ended(name);
    if (!this.#mayGoOn()) void pulumi.log.info(`${name} failed; the other ${this.#underWay.size} are finished first`);
    await this.#untilAllEnded();
    return false;
  }

  /** Pulumi never begins what depends on a failed resource: nobody is to wait for it. */
  #stopBehind(failed: string): void {
    const due: string[] = [];
    for (let name = this.#next.get(failed); name !== undefined; name = this.#next.get(name)) {
      due.push(name);
      this.#underWay.delete(name);
    }
    if (due.length > 0)
      void pulumi.log.warn(
        `${failed} failed, so the nodes behind it are not restarted: ${due.join(", ")} are still due; put that node right, and run pulumi up again`,
      );
  }

  #mayGoOn(): boolean {
    return this.#underWay.size === 0 || this.#held >= this.#workers;
  }

  #untilAllEnded(): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = () => {
        clearTimeout(timer);
        this.#look.delete(look);
        resolve();
      };
      const look = () => {
        clearTimeout(timer);
        if (this.#mayGoOn()) end();
        else timer = setTimeout(end, quietSeconds * 1000);
      };
      this.#look.add(look);
      look();
    });
  }
}
