export type RunOptions = {
  /** What the script reads from its standard input. Secrets come this way, since arguments are visible. @default nothing */
  stdin?: string;
  /** Gets each line that the script writes to standard error, as soon as it is complete. @default nobody */
  onLine?: (line: string) => void;
};

/** Where a command text runs: a local shell, or the login shell of an SSH connection. */
export interface Shell extends AsyncDisposable {
  execute(command: string, io: Required<RunOptions>): Promise<{ stdout: string; exitCode: number }>;
}
