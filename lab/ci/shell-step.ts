/** A shell step of a CI job, with the shell and the environment that the CI system uses. */
export type ShellStep = {
  name: string;
  script: string;
  /** The shell and its options, without the script's path. */
  shell: readonly [string, ...string[]];
  env: Record<string, string>;
};
