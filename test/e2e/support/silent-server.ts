import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A server on this machine that accepts connections and never says anything, as a program that hangs. */
export async function startSilentServer(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer();
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
