/** What the registry refuses, and the next step: printed without a stack. Never a secret, never a page's text. */
export class RegistryError extends Error {
  override name = "RegistryError";
}

/** Why the registry gave no answer that tells anything; nodes may reach it all the same. */
export class NoAnswerError extends Error {
  override name = "NoAnswerError";
}
