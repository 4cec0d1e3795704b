import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

/** Many connections to one server, held open until they are ended. */
export type Flood = AsyncDisposable & {
  sockets: readonly Socket[];
  /** How many the server has not closed yet. */
  open(): number;
  /**
   * Writes the same bytes to every connection that is open, and waits until the server has taken them, or closed it. Waits
   * 20 seconds at most: a server that accepts no more connections takes nothing from the rest.
   */
  write(bytes: string | Buffer): Promise<void>;
  /** What the server has answered so far, a text for each connection. */
  answers(): string[];
};

export type FloodOptions = {
  connections: number;
  /** Protocols offered by ALPN. @default none: HTTP/1.1 */
  alpn?: string[];
};

/**
 * Opens connections to a server of this machine, by plain TCP or TLS as its URL says, fifty at a time.
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
      // Only the start of an answer matters to any test.
      socket.on("data", (chunk: Buffer) => {
        if ((answered[index] ?? "").length < 1000) answered[index] += chunk.toString("latin1");
      });
    }
    const connected = batch.map((socket) => once(socket, socket.connectEvent).catch(() => undefined));
    // A server that takes no more connections leaves the rest waiting.
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
    // Its callback comes with an error, too, when the server closes the connection.
    socket.write(bytes, () => resolve());
  });
}
