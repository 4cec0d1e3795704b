import { connect } from "node:tls";

/** What clients saw that began one TLS handshake after the other. */
type Handshakes = {
  /** Serial numbers of the certificates that were shown, in the order in which each was seen first. */
  serialNumbers: string[];
  /** The error of each handshake that failed. */
  failures: string[];
  count: number;
};

/** How many clients shake hands at a time. */
export const handshakeClients = 4;

/** Clients shake hands with the server again and again until the work is done. */
export async function handshakesDuring(
  address: string,
  servername: string,
  work: () => Promise<void>,
): Promise<Handshakes> {
  const seen: Handshakes = { serialNumbers: [], failures: [], count: 0 };
  let done = false;
  const client = async () => {
    while (!done) {
      const { serialNumber, failure } = await handshake(address, servername);
      seen.count++;
      if (failure) seen.failures.push(failure);
      if (serialNumber && !seen.serialNumbers.includes(serialNumber)) seen.serialNumbers.push(serialNumber);
    }
  };
  const clients = Array.from({ length: handshakeClients }, client);
  try {
    await work();
  } finally {
    done = true;
    await Promise.all(clients);
  }
  return seen;
}

function handshake(host: string, servername: string): Promise<{ serialNumber?: string; failure?: string }> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, servername, rejectUnauthorized: false }, () => {
      resolve({ serialNumber: socket.getPeerX509Certificate()?.serialNumber ?? "" });
      socket.end();
    });
    socket.setTimeout(10_000, () => socket.destroy(new Error("no handshake within 10 s")));
    socket.on("error", ({ code, message }: NodeJS.ErrnoException) => resolve({ failure: `${code}: ${message}` }));
  });
}
