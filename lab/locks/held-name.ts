import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Has the kernel give a name to this process alone, until the server is closed or the process ends, however it does; nothing
 * where another has it. A file would stay, and its pid soon be somebody else's: a machine that runs the lab goes through all
 * of them within minutes.
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
