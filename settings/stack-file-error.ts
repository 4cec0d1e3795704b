// Not by the SDK as a whole, which takes a second to load and the command line has no use for.
import { RunError } from "@pulumi/pulumi/errors.js";

/** Ends the program with its message alone. */
export class StackFileError extends RunError {
  constructor(message: string) {
    super(message);
    this.name = "StackFileError";
    // Pulumi does not print a RunError's stack, but has Node format it: up to a minute and half a gigabyte in Node 20.20.
    // https://github.com/nodejs/node/issues/64011
    this.stack = undefined;
  }
}
