import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Reserves a name for this process until the returned server is closed or the process ends, even by a kill. Returns undefined if
 * another process has reserved the name. A lock file would remain after a kill, and on a machine that runs the lab, another
 * process gets the pid in that file within minutes.
 *
 * @see unix(7): abstract sockets
 */
export async function holdName(name: string): Promise<Server | undefined> {
  const server = createServer().unref().listen(`\0container-registry-lab-${name}`);
  return once(server, "listening").then(
    () => server,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      return undefined;
    },
  );
}
