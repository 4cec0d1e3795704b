import { existsSync, readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

/** Where systems keep the authorities they trust: Debian and Alpine, Red Hat, SUSE, macOS. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** PEM of every authority that this machine trusts. Node alone knows none that an organisation added to its machines. */
export function trustedCas(): string[] {
  const files = [bundles.find((file) => existsSync(file)), process.env.NODE_EXTRA_CA_CERTS];
  const readable = files.filter((file): file is string => file !== undefined && existsSync(file));
  return [...rootCertificates, ...readable.map((file) => readFileSync(file, "utf8"))];
}
