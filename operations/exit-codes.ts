/** How a command ended, for scripts: also in docs/operations.md. */
export const exitCodes = {
  done: 0,
  /** It could not be done; the message says why. */
  failed: 1,
  /** The command line, or what was given to it, is wrong. Nothing was tried. */
  usage: 2,
  /** Asked only to look, it found something to do. */
  due: 3,
} as const;
