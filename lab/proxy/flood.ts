import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

/** Many connections to one server. They stay open until the server closes them or the flood is disposed of. */
export type Flood = AsyncDisposable & {
  sockets: readonly Socket[];
  /** The number of connections that the server has not closed yet. */
  open(): number;
  /**
   * Writes the same bytes to every open connection, and waits until the server has read them or closed the connection. It waits
   * for 20 seconds at most, because a server may never read from connections that it has not accepted.
   */
  write(bytes: string | Buffer): Promise<void>;
  /** What the server has answered so far: one text for each connection. */
  answers(): string[];
};

export type FloodOptions = {
  connections: number;
  /** Protocols offered by ALPN. @default none: HTTP/1.1 */
  alpn?: string[];
};

/**
 * Opens connections to a server on this machine, fifty at a time. The scheme of the URL decides between plain TCP and TLS.
 * @example await using flood = await floodOf(proxy.url, { connections: 400 });
 */
export async function floodOf(url: string, { connections, alpn }: FloodOptions): Promise<Flood> {
  const sockets: Socket[] = [];
  const answered: string[] = [];
  for (let opened = 0; opened < connections; opened += 50) {
    const batch = Array.from({ length: Math.min(50, connections - opened) }, () => open(url, alpn));
    for (const socket of batch) {
      const index = sockets.push(socket) - 1;
      answered[index] = "";
      // Only the start of each answer is kept, because no test needs more.
      socket.on("data", (chunk: Buffer) => {
        if ((answered[index] ?? "").length < 1000) answered[index] += chunk.toString("latin1");
      });
    }
    const connected = batch.map((socket) => once(socket, socket.connectEvent).catch(() => undefined));
    // The time limit is for servers that accept no more connections: the remaining ones would never connect.
    await Promise.race([Promise.all(connected), sleep(2000)]);
  }
  const isOpen = (socket: Socket) => !socket.destroyed && !socket.readableEnded && socket.writable;
  return {
    sockets,
    open: () => sockets.filter(isOpen).length,
    async write(bytes) {
      await Promise.race([Promise.all(sockets.filter(isOpen).map((socket) => taken(socket, bytes))), sleep(20_000)]);
    },
    answers: () => answered,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

type Opened = Socket & { connectEvent: "connect" | "secureConnect" };

function open(url: string, alpn?: string[]): Opened {
  const { protocol, hostname: host, port } = new URL(url);
  const address = { host, port: Number(port) };
  const encrypted = protocol === "https:";
  const socket = encrypted
    ? connectTls({ ...address, servername: "localhost", rejectUnauthorized: false, ALPNProtocols: alpn })
    : connect(address);
  // A server may reset connections under load, which is no error here.
  socket.on("error", () => socket.destroy());
  return Object.assign(socket, { connectEvent: encrypted ? ("secureConnect" as const) : ("connect" as const) });
}

function taken(socket: Socket, bytes: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    // Node.js calls back also when the server closes the connection, with an error.
    socket.write(bytes, () => resolve());
  });
}
