/**
 * An error about the registry with the next step, which is printed without a stack trace. Its message never contains a
 * secret or text of a page that the server returned.
 */
export class RegistryError extends Error {
  override name = "RegistryError";
}

/**
 * Why this machine got no usable answer from the registry. Nodes may still reach the registry, so this is only a
 * warning.
 */
export class NoAnswerError extends Error {
  override name = "NoAnswerError";
}
