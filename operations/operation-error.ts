/** What went wrong, where, and the next step: printed without a stack. */
export class OperationError extends Error {
  override name = "OperationError";
}
