import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { holdName } from "../locks/held-name.ts";

/** The ports to choose from. They are below Linux's ephemeral ports and Kubernetes' NodePorts. */
const [lowest, highest] = [16_384, 29_999];

/**
 * Finds a free TCP port on 127.0.0.1 for a server that starts later, or that is stopped and started again. It is also used for
 * `docker run --publish`, because a port that Docker chooses changes with each start. Programs that let the kernel choose a free
 * port, such as Pulumi's plugins, never get this port.
 *
 * @see ip(7): ip_local_port_range
 */
export async function freePort(): Promise<number> {
  for (let tries = 100; tries > 0; tries--) {
    const port = randomInt(lowest, highest + 1);
    // The port is reserved until this process ends, because other processes look for ports before the server starts.
    const ours = await holdName(`port-${port}`);
    if (ours !== undefined && (await isFree(port))) return port;
  }
  throw new Error(
    `no free TCP port was found between ${lowest} and ${highest}; list the programs that listen there with \`ss -lnt\``,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const free = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (free) await once(server.close(), "close");
  return free;
}
