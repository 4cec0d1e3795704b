// Imports this one file instead of the whole Pulumi SDK, which takes a second to load; the command line does not need
// it.
import { RunError } from "@pulumi/pulumi/errors.js";

/** An error in the stack file, or in something that it names. The program ends and prints only the message. */
export class ProgramError extends RunError {
  constructor(message: string) {
    super(message);
    this.name = "ProgramError";
    // Pulumi reads a RunError's stack without printing it. In Node.js 20.20, reading it can use a minute and half a
    // gigabyte.
    // https://github.com/nodejs/node/issues/64011
    this.stack = undefined;
  }
}
