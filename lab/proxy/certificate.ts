import "reflect-metadata";
import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 3600 * 1000;

/** A server's certificate and its private key, in PEM. */
export type ServerCertificate = { cert: string; key: string };

export type PrivateCa = {
  /** The CA's own certificate, in PEM. */
  certificate: string;
  /** Issues a server certificate for names or addresses, valid for a day. */
  issue(...names: [string, ...string[]]): Promise<ServerCertificate>;
};

/** Creates a self-signed certificate for localhost and 127.0.0.1, valid for a day, without openssl and Docker. */
export async function certificate(): Promise<ServerCertificate> {
  const keys = await keyPair();
  const extensions = forServer(["localhost", "127.0.0.1"]);
  const created = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(),
    name: "CN=localhost",
    keys,
    extensions,
  });
  return { cert: pem(created), key: keyPem(keys) };
}

/** Creates a CA that is valid for a day. Unlike `services/ca.ts`, this function needs no Docker. */
export async function privateCa(commonName: string): Promise<PrivateCa> {
  const caKeys = await keyPair();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(),
    name: `CN=${commonName}`,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    certificate: pem(ca),
    issue: async (...names) => {
      const keys = await keyPair();
      const issued = await x509.X509CertificateGenerator.create({
        ...common(),
        subject: `CN=${names[0]}`,
        issuer: ca.subject,
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        extensions: forServer(names),
      });
      return { cert: pem(issued), key: keyPem(keys) };
    },
  };
}

function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function common() {
  return {
    serialNumber: randomBytes(8).toString("hex"),
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
    signingAlgorithm: algorithm,
  };
}

function forServer(names: readonly string[]): x509.Extension[] {
  return [
    new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value }))),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
  ];
}

function pem(created: x509.X509Certificate): string {
  return `${created.toString("pem")}\n`;
}

function keyPem({ privateKey }: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(privateKey).export({ type: "pkcs8", format: "pem" }).toString();
}
