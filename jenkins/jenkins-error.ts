/**
 * Jenkins failed, or answered with an error. The message names the next step, and is printed without a stack trace. It
 * never contains a secret or text of a page that Jenkins returned.
 */
export class JenkinsError extends Error {
  override name = "JenkinsError";
}
