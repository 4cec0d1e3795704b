import { machineAddress } from "../../hosts/transport/machine-address.ts";
import { asRoot } from "../../hosts/transport/transport.ts";
import type { Connection } from "../../settings/connection.ts";
import type { ClearSecrets } from "../../settings/secrets/secrets.ts";
import { OperationError } from "../operation-error.ts";
import { localShell } from "./local-shell.ts";
import type { RunOptions } from "./shell.ts";
import { openSshShell } from "./ssh-shell.ts";

/** A machine of the stack on which scripts run as root. */
export interface Machine extends AsyncDisposable {
  /** The machine's name in errors. */
  readonly name: string;
  /**
   * Runs a POSIX shell script, which ends in a newline, as root, and returns its standard output. Throws an
   * OperationError with the last lines of standard error if the script fails, or with those from its `error: ` on.
   */
  run(script: string, options?: RunOptions): Promise<string>;
}

/** How many of the last lines of standard error an error repeats. */
const repeatedLines = 5;

/**
 * Connects to a machine as `pulumi up` does: pinned host key, agent or sshPrivateKey, jump host, `sudo -n`. `signal` ends
 * the connection, and what runs over it.
 */
export async function openMachine(
  connection: Connection,
  { sshPrivateKey }: Pick<ClearSecrets, "sshPrivateKey">,
  signal?: AbortSignal,
): Promise<Machine> {
  const name = machineAddress(connection);
  const shell = connection.kind === "ssh" ? await openSshShell(connection, sshPrivateKey, signal) : localShell(signal);
  return {
    name,
    run: async (script, { stdin = "", stdout: sink, onLine = () => {} } = {}) => {
      const last: string[] = [];
      const keep = (line: string) => {
        last.push(line);
        if (last.length > repeatedLines) last.shift();
        onLine(line);
      };
      const { stdout, exitCode } = await shell.execute(asRoot(connection, script), {
        stdin,
        stdout: sink,
        onLine: keep,
      });
      if (exitCode === 0) return stdout;
      const begin = Math.max(
        0,
        last.findLastIndex((line) => line.startsWith("error: ")),
      );
      const said = last.slice(begin).join("\n").trim() || `the script ended with exit code ${exitCode} and no message`;
      throw new OperationError(`${name}: ${said.replace(/^error: /, "")}`);
    },
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
}
