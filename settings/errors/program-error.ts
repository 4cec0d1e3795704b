// Not by the SDK as a whole, which takes a second to load and the command line has no use for.
import { RunError } from "@pulumi/pulumi/errors.js";

/** What is wrong with the stack file, or with what it names: ends the program with its message alone. */
export class ProgramError extends RunError {
  constructor(message: string) {
    super(message);
    this.name = "ProgramError";
    // Pulumi does not print a RunError's stack, but has Node format it: up to a minute and half a gigabyte in Node 20.20.
    // https://github.com/nodejs/node/issues/64011
    this.stack = undefined;
  }
}
