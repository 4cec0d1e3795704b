/** Something a person can put right: the lab prints the message, never the stack. */
export class LabError extends Error {
  override readonly name = "LabError";
}
