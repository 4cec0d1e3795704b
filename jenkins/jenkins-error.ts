/**
 * An error of Jenkins with the next step, which is printed without a stack trace. Its message never contains a secret
 * or text of a page that Jenkins returned.
 */
export class JenkinsError extends Error {
  override name = "JenkinsError";
}
