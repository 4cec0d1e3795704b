import pLimit from "p-limit";
import { type Progress, startProgress } from "../progress.ts";
import type { Difference } from "./compare.ts";
import type { Copying } from "./copying.ts";
import { copyImage } from "./regctl.ts";
import type { Pair } from "./selection.ts";

/** How often an image is tried at most. regctl itself repeats single requests. */
const triesOfImage = 3;

/** What the destination answers where another try does not help. */
const denied = /\b40[13]\b|unauthorized|denied|forbidden/i;

/** What regctl runs with. */
export type Running = {
  /** Paths of its configurations. */
  configs: ReadonlyMap<Pair, string>;
  /** Besides this process's own environment. */
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
};

/** Copies images, each of them a limited number of times. */
export class Copier {
  readonly #copying: Copying;
  readonly #running: Running;
  readonly #tries = new Map<string, number>();
  /** Why the last try failed, by image. */
  readonly #errors = new Map<string, string>();
  readonly #copied = new Set<string>();

  constructor(copying: Copying, running: Running) {
    this.#copying = copying;
    this.#running = running;
  }

  /** How many images were copied, each counted once. */
  get copied(): number {
    return this.#copied.size;
  }

  /** Copies these images, apart from those that were tried often enough. Returns how many it tried. */
  async copy(differences: readonly Difference[]): Promise<number> {
    const todo = differences.filter((each) => (this.#tries.get(imageOf(each)) ?? 0) < triesOfImage);
    using progress = startProgress();
    const shown = { done: 0, failed: 0, all: todo.length, running: new Set<string>() };
    const limit = pLimit(this.#copying.parallel);
    await Promise.all(todo.map((each) => limit(() => this.#copyOne(each, shown, progress))));
    return todo.length;
  }

  /** The differences, with the reason why an image could not be copied. */
  explained(differences: readonly Difference[]): Difference[] {
    return differences.map((each) => {
      const error = this.#errors.get(imageOf(each));
      return error === undefined ? each : { ...each, problem: `${each.problem}: ${error}` };
    });
  }

  async #copyOne(difference: Difference, shown: Shown, progress: Progress): Promise<void> {
    const { configs, env, signal } = this.#running;
    if (signal.aborted) return;
    const { pair, tag } = difference;
    const image = imageOf(difference);
    shown.running.add(image);
    progress.show(progressText(shown));
    const error = await copyImage({
      from: `${this.#copying.source.host}/${pair.from}:${tag}`,
      to: `${this.#copying.destination.host}/${image}`,
      env: { ...env, REGCTL_CONFIG: configs.get(pair) },
      signal,
    });
    shown.running.delete(image);
    shown.done++;
    if (error === undefined) {
      this.#copied.add(image);
      this.#errors.delete(image);
    } else {
      shown.failed++;
      this.#errors.set(image, error);
    }
    const tries = (this.#tries.get(image) ?? 0) + 1;
    this.#tries.set(image, error !== undefined && denied.test(error) ? triesOfImage : tries);
    progress.show(progressText(shown));
  }
}

type Shown = { done: number; failed: number; all: number; running: Set<string> };

function progressText({ done, failed, all, running }: Shown): string {
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  return `copied ${done - failed} of ${all} images${failures}; now: ${[...running].join(", ")}`;
}

function imageOf({ pair, tag }: Difference): string {
  return `${pair.to}:${tag}`;
}
