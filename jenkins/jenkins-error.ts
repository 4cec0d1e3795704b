/** What Jenkins refuses or cannot do, and the next step: printed without a stack. Never a secret, never a page's text. */
export class JenkinsError extends Error {
  override name = "JenkinsError";
}
