import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Reserves a name for this process until the returned server is closed or the process ends, even by a kill. Returns undefined if
 * another process has reserved the name. A lock file would remain after a kill, and on a machine that runs the lab, another
 * process gets the pid in that file within minutes.
 *
 * @see unix(7): abstract sockets
 */
export function holdName(name: string, platform = process.platform): Promise<Server | undefined> {
  if (platform === "linux") return listen(`\0container-registry-lab-${name}`);
  return holdFile(join(tmpdir(), `container-registry-lab-${name}.sock`));
}

/**
 * Only Linux has abstract sockets. A killed process leaves its socket file, which nobody listens at. Of two processes that find
 * such a file in the same moment, both may reserve the name.
 */
async function holdFile(path: string): Promise<Server | undefined> {
  const server = await listen(path);
  if (server !== undefined || (await somebodyListens(path))) return server;
  await rm(path, { force: true });
  return listen(path);
}

async function listen(address: string): Promise<Server | undefined> {
  const server = createServer((connection) => connection.destroy())
    .unref()
    .listen(address);
  return once(server, "listening").then(
    () => server,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      return undefined;
    },
  );
}

async function somebodyListens(path: string): Promise<boolean> {
  const connection = connect(path);
  const answered = await once(connection, "connect").then(
    () => true,
    () => false,
  );
  connection.destroy();
  return answered;
}
