import "reflect-metadata";
import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 3600 * 1000;

/**
 * Creates a CA, and a certificate of that CA for localhost and 127.0.0.1, in PEM and valid for a day. Unlike `services/ca.ts`,
 * this function needs no Docker.
 */
export async function loopbackCertificate(): Promise<{ ca: string; certificate: string; key: string }> {
  const [caKeys, keys] = await Promise.all([keyPair(), keyPair()]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(),
    name: "CN=Container Registry Lab Jenkins",
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(),
    subject: "CN=localhost",
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
      ]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  return { ca: pem(ca), certificate: pem(certificate), key: await keyPem(keys.privateKey) };
}

function common() {
  const now = Date.now();
  return {
    serialNumber: randomBytes(8).toString("hex"),
    notBefore: new Date(now - 3600 * 1000),
    notAfter: new Date(now + dayMs),
    signingAlgorithm: algorithm,
  };
}

function keyPair() {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ type: "pkcs8", format: "pem" })
    .toString();
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}
