/** Where Jenkins is, and as whom to speak to it. */
export type JenkinsAccess = {
  /** As the stack file has it, a path in it or none. */
  url: string;
  user: string;
  /** An API token needs no crumb. */
  kind: "token" | "password";
  secret: string;
  /** PEM of the authority that signed Jenkins' certificate. @default public ones */
  ca?: string;
};
