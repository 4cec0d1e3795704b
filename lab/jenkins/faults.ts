import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Asked, html, oops } from "./http.ts";

/** What goes wrong with requests to come. */
export class Faults {
  /** Whether it answers everything with 503, as Jenkins does while it starts. */
  starting = false;
  /** How long each answer takes, in milliseconds. */
  delayMs = 0;
  #failures = 0;
  #writes = Number.POSITIVE_INFINITY;
  #heard = true;
  readonly #die: () => void;

  constructor(die: () => void) {
    this.#die = die;
  }

  /** The next POST or DELETE of a credential is answered with 500, and does nothing. */
  failNextWrite(): void {
    this.#failures++;
  }

  /**
   * Dies once so many writes were taken. The answer to the last one still goes out, or is lost where `heard` is false.
   * `start()` brings Jenkins back with all that was written.
   */
  dieAfterWrites(count: number, { heard = true } = {}): void {
    this.#writes = count;
    this.#heard = heard;
  }

  /** Answers in Jenkins' place, or runs it; undefined where nobody is there to answer any more. */
  async around(asked: Asked, answer: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.delayMs > 0) await sleep(this.delayMs);
    if (this.starting) return html(503, "Please wait while Jenkins is getting ready to work");
    const isWrite = asked.method === "DELETE" || (asked.method === "POST" && asked.segments.includes("domain"));
    if (!isWrite) return answer();
    if (this.#failures > 0) {
      this.#failures--;
      return oops;
    }
    const answered = await answer();
    if (answered.status >= 400 || --this.#writes > 0) return answered;
    this.#writes = Number.POSITIVE_INFINITY;
    this.#die();
    return this.#heard ? answered : undefined;
  }
}
