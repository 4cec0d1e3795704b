import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import type { Log } from "../../plugin/engine-log.ts";
import { authentication } from "./authentication.ts";
import type { Address, Connection } from "./connection.ts";
import { handshake } from "./handshake.ts";
import { withRetry } from "./retry.ts";
import { dialTcp } from "./tcp.ts";

/** Opens an SSH connection, through the proxy if there is one. The caller closes it. */
export async function dial(connection: Connection, log: Log): Promise<Client> {
  const { host, port, dialErrorLimit, proxy } = connection;
  if (proxy === undefined) return dialAddress("Dial", connection, log);

  const ours = await authentication(connection);
  try {
    const jump = await dialAddress("Dial proxy", proxy, log);
    const stream = await withRetry("Dial from proxy", dialErrorLimit, log, () => forward(jump, host, port));
    const client = await handshake(stream, connection.user, ours);
    return client.once("close", () => jump.end());
  } catch (error) {
    throw new Error(`proxy: ${error instanceof Error ? error.message : error}`);
  }
}

async function dialAddress(what: string, address: Address, log: Log): Promise<Client> {
  const ours = await authentication(address);
  return withRetry(what, address.dialErrorLimit, log, async () => {
    const socket = await dialTcp(address.host, address.port, address.perDialTimeout);
    return handshake(socket, address.user, ours);
  });
}

function forward(jump: Client, host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    jump.forwardOut("127.0.0.1", 0, host, port, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
