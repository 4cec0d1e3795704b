import dns from "node:dns";
import { connect as connectPlain, isIP } from "node:net";
import { checkServerIdentity, connect as connectSecure, createSecureContext, type PeerCertificate } from "node:tls";
import { trustedCas } from "../../../existing/cas.ts";
import type { ShownCertificate } from "./client-facts.ts";

/** How long a connection may take, in milliseconds. */
const timeoutMs = 5000;

/** The addresses that this machine's resolver gives for a name. Rejects with the resolver's code. */
export function resolved(name: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    dns.lookup(name, { all: true }, (error, addresses) => {
      if (error) reject(new Error(error.code ?? error.message));
      else resolve(addresses.map(({ address }) => address));
    });
  });
}

/** `open` where something accepts TCP connections, else the code of the error. */
export function tcp(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectPlain({ host, port }, () => end("open"));
    const end = (result: string) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => end("ETIMEDOUT"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/**
 * The certificate that the server shows, and why a client that trusts `ca` rejects it. `ca` is empty with a public CA. A code
 * instead of a certificate where the server speaks no TLS.
 */
export function shownCertificate(
  host: string,
  port: number,
  ca: string,
): Promise<{ certificate: ShownCertificate } | { error: string }> {
  const secureContext = createSecureContext({ ca: ca === "" ? trustedCas() : [ca], allowPartialTrustChain: true });
  const servername = isIP(host) ? undefined : host;
  return new Promise((resolve) => {
    const socket = connectSecure({ host, port, servername, secureContext, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerCertificate();
      const chainError = socket.authorizationError as unknown;
      socket.destroy();
      resolve({ certificate: shown(certificate, host, chainError === null ? undefined : String(chainError)) });
    });
    socket.setTimeout(timeoutMs, () => {
      socket.destroy();
      resolve({ error: "ETIMEDOUT" });
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
  });
}

function shown(certificate: PeerCertificate, host: string, chainError: string | undefined): ShownCertificate {
  const nameError = checkServerIdentity(host, certificate) === undefined ? undefined : "ERR_TLS_CERT_ALTNAME_INVALID";
  const error = chainError ?? nameError;
  return {
    issuer: printable([certificate.issuer?.CN ?? certificate.issuer?.O ?? "an unnamed CA"].flat().join(", ")),
    validFrom: Date.parse(certificate.valid_from),
    validTo: Date.parse(certificate.valid_to),
    names: printable(certificate.subjectaltname ?? "no name"),
    ...(error && { error }),
  };
}

/** An unverified server wrote the text. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
}
