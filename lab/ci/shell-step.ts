/** One step of a job that is a shell script, with all that its system sets for it. */
export type ShellStep = {
  name: string;
  script: string;
  /** What runs it, less the script's file. */
  shell: readonly [string, ...string[]];
  env: Record<string, string>;
};
