import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** `TCP_LISTEN` in the kernel's tables of sockets. */
const listening = "0A";

/**
 * Waits until at most one socket listens on the TCP port. Caddy opens a second one in a reload and closes the first a moment
 * after the reload was reported; a request on a connection that the first one accepted in that moment gets no response.
 * @throws {Error} after 10 seconds
 */
export async function oneListeningSocket(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await listeningSockets(port)) > 1) {
    if (Date.now() > deadline) throw new Error(`two sockets still listen on port ${port} 10 s after the reload`);
    await setTimeout(5);
  }
}

/** Counts the sockets of this machine that listen on the port, by IPv4 and IPv6. */
async function listeningSockets(port: number): Promise<number> {
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const columns = tables.flatMap((table) => table.split("\n").map((line) => line.trim().split(/\s+/)));
  return columns.filter(([, local, , state]) => state === listening && local?.endsWith(suffix)).length;
}
