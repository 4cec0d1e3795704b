import { isIP } from "node:net";
import { connect } from "node:tls";

/**
 * The issuer of a server's TLS certificate, as in `O=Example, CN=Private CA`. The function opens a TLS connection
 * without verifying the certificate, and sends no request over it.
 */
export function shownIssuer(url: string, timeoutMs: number): Promise<string> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/[[\]]/g, "");
  return new Promise((resolve) => {
    const unknown = () => resolve("a CA that it does not name");
    const servername = isIP(host) ? undefined : host;
    const socket = connect({ host, port: Number(port || 443), servername, rejectUnauthorized: false }, () => {
      const { issuer } = socket.getPeerCertificate();
      const words = Object.entries(issuer ?? {}).map(([key, value]) => `${key}=${[value].flat().join("+")}`);
      socket.destroy();
      if (words.length === 0) unknown();
      // An unverified server chose these names: characters outside printable ASCII are replaced, and the text has 200
      // characters at most.
      else
        resolve(
          words
            .join(", ")
            .replace(/[^\x20-\x7e]/g, "?")
            .slice(0, 200),
        );
    });
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.on("error", unknown).on("close", unknown);
  });
}
