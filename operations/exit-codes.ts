/** The exit codes of every command, listed in docs/operations.md too. */
export const exitCodes = {
  done: 0,
  /** The command failed; the message says why. */
  failed: 1,
  /** An argument or input is invalid. Nothing was changed. */
  usage: 2,
  /** With --check: there are differences, and nothing was changed. Of commands that only look: they found something. */
  changesNeeded: 3,
} as const;
