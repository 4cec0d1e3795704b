import { existsSync, readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

/** Files with the CAs that the system trusts, on Debian and Alpine, Red Hat, SUSE, and macOS. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * PEM of every CA that this machine trusts: Node's built-in ones, and those of the system, where organisations add
 * their own CA. Node does not read the system's by default.
 */
export function trustedCas(): string[] {
  const files = [bundles.find((file) => existsSync(file)), process.env.NODE_EXTRA_CA_CERTS];
  const readable = files.filter((file): file is string => file !== undefined && existsSync(file));
  return [...rootCertificates, ...readable.map((file) => readFileSync(file, "utf8"))];
}
