import { exitCodes } from "./exit-codes.ts";

/** What went wrong, where, and the next step: printed without a stack. */
export class OperationError extends Error {
  override name = "OperationError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A command line that says nothing to do: printed with the command's usage. */
export class UsageError extends OperationError {
  override name = "UsageError";

  constructor(message: string) {
    super(message, exitCodes.usage);
  }
}
