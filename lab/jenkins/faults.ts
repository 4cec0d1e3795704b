import { type Answer, type Asked, html, oops } from "./http.ts";

/** What goes wrong with requests to come. */
export class Faults {
  /** Whether it answers everything with 503, as Jenkins does while it starts. */
  starting = false;
  #failures = 0;
  #writes = Number.POSITIVE_INFINITY;
  #heard = true;
  #then = () => {};
  #hung: Promise<void> | undefined;
  #waiting = 0;
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
    this.#then = this.#die;
  }

  /** Answers nothing more once so many writes were taken, until the function it returns is called: time to kill who waits. */
  hangAfterWrites(count: number): () => void {
    const { promise, resolve } = deferred();
    this.#writes = count;
    this.#heard = true;
    this.#then = () => {
      this.#hung = promise;
    };
    return () => {
      this.#hung = undefined;
      resolve();
    };
  }

  /** Whether somebody waits for an answer that does not come. */
  get hangs(): boolean {
    return this.#waiting > 0;
  }

  /** Answers in Jenkins' place, or runs it; undefined where nobody is there to answer any more. */
  async around(asked: Asked, answer: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.#hung) {
      this.#waiting++;
      await this.#hung;
      this.#waiting--;
      return undefined;
    }
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
    this.#then();
    return this.#heard ? answered : undefined;
  }
}

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
