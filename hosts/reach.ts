import type { Connection } from "../settings/connection.ts";
import { hereDocument, shellWord } from "./shell.ts";

/** The kernel's limit for one argument (MAX_ARG_STRLEN), which a script must fit on its way through `sh -c`. */
const argumentBytes = 128 * 1024 - 1;

/** The command text that runs a script as root at the end of a connection. Its standard input reaches the script. */
export function asRoot(connection: Connection, script: string): string {
  const text = `${hereDocument("script() { cat", script)}}\n${launch(connection)}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > argumentBytes)
    throw new Error(
      `the script for this host takes ${bytes} bytes, more than the ${argumentBytes} that one command carries`,
    );
  return text;
}

function launch(connection: Connection): string {
  switch (connection.kind) {
    case "docker-container":
      return `exec docker exec -i ${shellWord(connection.name)} sh -c "$(script)"`;
    case "ssh":
    case "local":
      return [
        `[ "$(id -u)" -ne 0 ] || exec sh -c "$(script)"`,
        `sudo -n true || { echo "error: $(id -un) may not run sudo on $(hostname) without a password; allow it, or connect as root" >&2; exit 1; }`,
        `exec sudo -n sh -c "$(script)"`,
      ].join("\n");
  }
}
