import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { holdName } from "../locks/held-name.ts";

/** Below what Linux hands out and what Kubernetes takes for Services. */
const [lowest, highest] = [16_384, 29_999];

/**
 * A TCP port of loopback that nobody listens on, for a server that is about to start, or to come and go; for `--publish`,
 * too, where a port that Docker chooses by itself changes with each start. Nobody gets it who asks the kernel for any
 * port, as each plugin of an engine does.
 *
 * @see ip(7): ip_local_port_range
 */
export async function freePort(): Promise<number> {
  for (let tries = 100; tries > 0; tries--) {
    const port = randomInt(lowest, highest + 1);
    // Until this process ends: servers take their time to start, and several look for ports.
    const ours = await holdName(`port-${port}`);
    if (ours !== undefined && (await isFree(port))) return port;
  }
  throw new Error(`no free TCP port was found between ${lowest} and ${highest}; see who listens there: ss -lnt`);
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
