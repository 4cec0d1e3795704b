import type { Log } from "../plugin/engine-log.ts";

/** Which of a command's output goes to the terminal while it runs. @default stdoutAndStderr */
export type Logging = "stdout" | "stderr" | "stdoutAndStderr" | "none";

/** Collects the output of a command and logs it line by line. */
export class Output {
  readonly #chunks: { channel: "stdout" | "stderr"; bytes: Buffer }[] = [];
  readonly #logging: Logging;
  readonly #log: Log;
  #line = "";
  #logged: Promise<void> = Promise.resolve();

  constructor(logging: Logging, log: Log) {
    this.#logging = logging;
    this.#log = log;
  }

  take(channel: "stdout" | "stderr", bytes: Buffer): void {
    this.#chunks.push({ channel, bytes });
    if (this.#logging !== channel && this.#logging !== "stdoutAndStderr") return;
    const lines = (this.#line + bytes.toString()).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) this.#say(line);
  }

  /** stdout and stderr, each without its last newline. */
  async result(): Promise<{ stdout: string; stderr: string }> {
    if (this.#line !== "") this.#say(this.#line);
    await this.#logged;
    return { stdout: this.#text("stdout").replace(/\n$/, ""), stderr: this.#text("stderr").replace(/\n$/, "") };
  }

  /** The error of a failed command, with its output, in the official plugin's form. */
  failure(reason: string, command: string): Error {
    return new Error(`${reason}: running ${JSON.stringify(command)}:\n${this.#text("stdout", "stderr")}`);
  }

  #text(...channels: string[]): string {
    const wanted = this.#chunks.filter(({ channel }) => channels.includes(channel));
    return Buffer.concat(wanted.map(({ bytes }) => bytes)).toString();
  }

  #say(line: string): void {
    this.#logged = this.#logged.then(() => this.#log.status(line));
  }
}
