import type { Readable, Writable } from "node:stream";

export type RunOptions = {
  /** What the script reads from its standard input. Secrets come this way, since arguments are visible. @default nothing */
  stdin?: string | Readable;
  /** Gets what the script writes to standard output, which is then not returned. It is ended with it. @default nobody */
  stdout?: Writable | undefined;
  /** Gets each line that the script writes to standard error, as soon as it is complete. @default nobody */
  onLine?: (line: string) => void;
};

export type ShellIo = Required<Pick<RunOptions, "stdin" | "onLine">> & Pick<RunOptions, "stdout">;

/** Where a command text runs: a local shell, or the login shell of an SSH connection. */
export interface Shell extends AsyncDisposable {
  execute(command: string, io: ShellIo): Promise<{ stdout: string; exitCode: number }>;
}
