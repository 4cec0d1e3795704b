import type { Connection } from "../../settings/connection.ts";
import { hereDocument, shellWord } from "../shell.ts";

/** The kernel's limit for one argument in bytes (MAX_ARG_STRLEN). A script is one argument of `sh -c`, so it must fit. */
const argumentBytes = 128 * 1024 - 1;

/** Command text that runs a script as root on a connection's machine. The script reads the command's standard input. */
export function asRoot(connection: Connection, script: string): string {
  return command(script, launch(connection));
}

/** Like `asRoot`, for a script that undoes an earlier command. Succeeds if its container does not exist. */
export function removalAsRoot(connection: Connection, script: string): string {
  if (connection.kind !== "docker-container") return asRoot(connection, script);
  return command(script, `${endWhereGone(connection.name)}\n${launch(connection)}`);
}

function command(script: string, last: string): string {
  const text = `${hereDocument("script() { cat", script)}}\n${last}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > argumentBytes)
    throw new Error(
      `the script for this host takes ${bytes} bytes, more than the ${argumentBytes} that one command carries`,
    );
  return text;
}

function endWhereGone(container: string): string {
  const name = shellWord(container);
  return `answer=$(docker container inspect -f ok ${name} 2>&1) || case "$answer" in
*"o such container"*) echo "nothing to remove: the container "${name}" is gone" >&2; exit 0 ;;
*) echo "error: "${name}": $answer" >&2; exit 1 ;;
esac`;
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
