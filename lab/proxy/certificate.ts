import "reflect-metadata";
import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 3600 * 1000;

/** Creates a self-signed certificate for localhost and 127.0.0.1, in PEM and valid for a day, without openssl and Docker. */
export async function certificate(): Promise<{ cert: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const created = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    keys,
    serialNumber: randomBytes(8).toString("hex"),
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
      ]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  return { cert: `${created.toString("pem")}\n`, key };
}
