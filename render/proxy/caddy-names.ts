/**
 * Names of snippets in the Caddyfile. They must not change, since other names would reload the proxy of every existing
 * stack.
 */
export const snippets = {
  /** The directives of every address that the proxy listens on. */
  proxy: "gate", // written by version 0.1
  /** The short deadline for request bodies of clients that are not known to have the push right. */
  shortDeadline: "strangers-time", // written by version 0.1
  /** The long deadline of uploads and downloads. */
  transferDeadline: "transfer-time",
} as const;

/** The matcher of clients whose address `allowFrom` does not have. */
export const deniedClient = "@stranger"; // written by version 0.1

/** The account that unknown names are checked as. No real account has this name, since it has an upper-case letter. */
export const unknownAccount = "Stranger"; // written by version 0.1

/** The message of a 5xx response. */
export const unavailableMessage =
  // written by version 0.1
  "the registry behind this gate, or its storage, does not answer; try again, and see the registry's log";
