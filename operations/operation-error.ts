import { exitCodes } from "./exit-codes.ts";

/**
 * An error that the user can act on. Its message says what went wrong, where, and the next step, and is printed
 * without a stack trace.
 */
export class OperationError extends Error {
  override name = "OperationError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** An error about an invalid command line; the command's help is printed after it. */
export class UsageError extends OperationError {
  override name = "UsageError";

  constructor(message: string) {
    super(message, exitCodes.usage);
  }
}
