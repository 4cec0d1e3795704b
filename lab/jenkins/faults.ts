import { type Answer, type Asked, html, oops } from "./http.ts";

/** Faults that a test injects into the next requests. */
export class Faults {
  /** Whether every request is answered with 503, as by Jenkins while it starts. */
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

  /** Answers the next POST or DELETE of a credential with 500, and changes nothing. */
  failNextWrite(): void {
    this.#failures++;
  }

  /**
   * Stops the server after so many writes. The last write is answered, unless `heard` is false. `start()` starts it again with
   * everything that was written.
   */
  dieAfterWrites(count: number, { heard = true } = {}): void {
    this.#writes = count;
    this.#heard = heard;
    this.#then = this.#die;
  }

  /** Answers no request after so many writes, until the returned function is called, so that a test can kill a waiting client. */
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

  /** Whether a client waits for an answer that is held back. */
  get hangs(): boolean {
    return this.#waiting > 0;
  }

  /** Answers with an injected fault, or runs `answer`; undefined where the connection is to be closed without an answer. */
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
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
