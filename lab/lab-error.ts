/** An error that a user can fix: the lab prints the message without a stack trace. */
export class LabError extends Error {
  override readonly name = "LabError";
}
