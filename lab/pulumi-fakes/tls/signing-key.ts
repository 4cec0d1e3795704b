import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from "node:crypto";

/** A signing key pair, in the form that the certificate library needs. */
export type SigningKey = {
  /** As `keyAlgorithm` and `caKeyAlgorithm` name it. */
  name: "RSA" | "ECDSA" | "ED25519";
  private: webcrypto.CryptoKey;
  public: webcrypto.CryptoKey;
  /** How to sign with it; the hash follows the curve. @see Go: crypto/x509 signingParamsForKey */
  signature: { name: string; hash?: string };
};

const curves: Record<string, { namedCurve: string; hash: string }> = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

/** Reads a private key in any of PrivateKey's PEM formats, except OpenSSH's. */
export async function signingKey(pem: string): Promise<SigningKey> {
  const key = createPrivateKey(pem);
  const { name, parameters, signature } = algorithmOf(key);
  const privateDer = key.export({ type: "pkcs8", format: "der" });
  const publicDer = createPublicKey(key).export({ type: "spki", format: "der" });
  return {
    name,
    signature,
    private: await webcrypto.subtle.importKey("pkcs8", privateDer, parameters, true, ["sign"]),
    public: await webcrypto.subtle.importKey("spki", publicDer, parameters, true, ["verify"]),
  };
}

function algorithmOf(key: KeyObject): Pick<SigningKey, "name" | "signature"> & { parameters: Parameters } {
  if (key.asymmetricKeyType === "rsa") {
    const parameters = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    return { name: "RSA", parameters, signature: parameters };
  }
  if (key.asymmetricKeyType === "ed25519")
    return { name: "ED25519", parameters: { name: "Ed25519" }, signature: { name: "Ed25519" } };
  const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (curve === undefined)
    throw new Error("signing with this curve: not supported by the lab's fake for pulumi-resource-tls");
  const { namedCurve, hash } = curve;
  return { name: "ECDSA", parameters: { name: "ECDSA", namedCurve }, signature: { name: "ECDSA", hash } };
}

type Parameters = webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | { name: "Ed25519" };
