import { isIP } from "node:net";
import { connect } from "node:tls";

/** Who issued the certificate that a server shows, as in `O=Example, CN=Private CA`. The server is sent nothing. */
export function shownIssuer(url: string, timeoutMs: number): Promise<string> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/[[\]]/g, "");
  return new Promise((resolve) => {
    const unknown = () => resolve("an authority that it does not name");
    const servername = isIP(host) ? undefined : host;
    const socket = connect({ host, port: Number(port || 443), servername, rejectUnauthorized: false }, () => {
      const { issuer } = socket.getPeerCertificate();
      const words = Object.entries(issuer ?? {}).map(([key, value]) => `${key}=${[value].flat().join("+")}`);
      socket.destroy();
      if (words.length === 0) unknown();
      // An unknown server wrote these names: they are cut to one line, as long as a terminal shows.
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
