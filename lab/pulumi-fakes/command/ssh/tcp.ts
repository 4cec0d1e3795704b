import { connect, type Socket } from "node:net";

const reasons: Record<string, string> = {
  ECONNREFUSED: "connect: connection refused",
  ECONNRESET: "read: connection reset by peer",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ETIMEDOUT: "i/o timeout",
};

/** Opens a TCP connection. Errors are worded as in the official plugin. */
export function dialTcp(host: string, port: number, timeoutSeconds: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = timeoutSeconds > 0 ? setTimeout(() => socket.destroy(timedOut()), timeoutSeconds * 1000) : undefined;
    const refuse = (error: Error) => {
      clearTimeout(timer);
      reject(new Error(describe(error, host, port)));
    };
    socket.once("error", refuse);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", refuse);
      resolve(socket);
    });
  });
}

function timedOut(): Error {
  return Object.assign(new Error("timed out"), { code: "ETIMEDOUT" });
}

function describe(error: Error, host: string, port: number): string {
  // For a name with several addresses there is one error for each.
  const last: NodeJS.ErrnoException & { address?: string } =
    error instanceof AggregateError ? error.errors.at(-1) : error;
  if (last.code === "ENOTFOUND") return `dial tcp: lookup ${host}: no such host`;
  const address = last.address ?? host;
  const endpoint = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  return `dial tcp ${endpoint}: ${reasons[last.code ?? ""] ?? last.message}`;
}
