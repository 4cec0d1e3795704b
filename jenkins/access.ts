/** Jenkins' URL, and the login for its REST API. */
export type JenkinsAccess = {
  /** The URL from the stack file, with or without a path, as in `https://ci.example.org/jenkins`. */
  url: string;
  user: string;
  /**
   * What `secret` is. With a password, POST requests need a crumb, which is Jenkins' CSRF token; with an API token they
   * do not.
   */
  kind: "token" | "password";
  secret: string;
  /** PEM text of the CA that signed Jenkins' certificate. @default the public CAs that Node.js trusts */
  ca?: string;
};
