import "reflect-metadata";
import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 3600 * 1000;

export type PrivateCa = {
  /** The CA's own certificate, in PEM. */
  certificate: string;
  /** Issues a server certificate for a name or an address, in PEM. */
  issue(name: string): Promise<{ cert: string; key: string }>;
};

/** Creates a CA that is valid for a day, without openssl and Docker. */
export async function privateCa(commonName: string): Promise<PrivateCa> {
  const ca = await keyPair();
  const name = `CN=${commonName}`;
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name,
    keys: ca,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    certificate: `${own.toString("pem")}\n`,
    issue: async (server) => {
      const keys = await keyPair();
      const issued = await x509.X509CertificateGenerator.create({
        ...validity(),
        subject: `CN=${server}`,
        issuer: name,
        publicKey: keys.publicKey,
        signingKey: ca.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.SubjectAlternativeNameExtension([{ type: isIP(server) ? "ip" : "dns", value: server }]),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        ],
      });
      const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
      return { cert: `${issued.toString("pem")}\n`, key };
    },
  };
}

function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity() {
  return {
    serialNumber: randomBytes(8).toString("hex"),
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
  };
}
