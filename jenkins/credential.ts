/** One entry of Jenkins' credential store, as a stack wants it. */
export type JenkinsCredential = {
  id: string;
  /** What Jenkins shows beside it, this stack's marker aside. */
  description: string;
  /** A domain that is there already. @default the global one */
  domain?: string;
} & ({ kind: "username-password"; username: string; password: string } | { kind: "secret-text"; secret: string });
