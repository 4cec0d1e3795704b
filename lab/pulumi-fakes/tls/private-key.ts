import { createHash, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { bridgedResource } from "../bridged/resource.ts";
import { oneOf } from "../bridged/rules.ts";
import type { PropertyMap } from "../plugin/property.ts";
import { openSshKey } from "./openssh.ts";

const generatePair = promisify(generateKeyPair);

/** The curves' names in OpenSSL. */
const curves: Record<string, string> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };

/** tls:index/privateKey:PrivateKey */
export const privateKey = bridgedResource({
  provider: "pulumi-resource-tls",
  schemaVersion: 1,
  inputs: {
    algorithm: { change: "replace", required: true, problem: oneOf(["RSA", "ECDSA", "ED25519"]) },
    rsaBits: { change: "replace", default: 2048 },
    ecdsaCurve: { change: "replace", default: "P224", problem: oneOf(Object.keys(curves)) },
  },
  outputs: {
    privateKeyPem: { secret: true },
    privateKeyOpenssh: { secret: true },
    privateKeyPemPkcs8: { secret: true },
    publicKeyPem: {},
    publicKeyOpenssh: {},
    publicKeyFingerprintMd5: {},
    publicKeyFingerprintSha256: {},
  },
  async generate(inputs) {
    const key = await generate(inputs);
    const publicKey = createPublicKey(key);
    const id = createHash("sha1")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest("hex");
    const openSsh = openSshKey(key);
    return {
      id,
      outputs: {
        id,
        privateKeyPem: String(key.export({ type: ownFormat(key), format: "pem" })),
        privateKeyPemPkcs8: String(key.export({ type: "pkcs8", format: "pem" })),
        privateKeyOpenssh: openSsh.privateKey,
        publicKeyPem: String(publicKey.export({ type: "spki", format: "pem" })),
        publicKeyOpenssh: openSsh.publicKey,
        publicKeyFingerprintMd5: openSsh.md5,
        publicKeyFingerprintSha256: openSsh.sha256,
      },
    };
  },
});

async function generate({ algorithm, rsaBits, ecdsaCurve }: PropertyMap): Promise<KeyObject> {
  if (algorithm === "RSA") return (await generatePair("rsa", { modulusLength: Number(rsaBits) })).privateKey;
  if (algorithm === "ED25519") return (await generatePair("ed25519")).privateKey;
  return (await generatePair("ec", { namedCurve: curves[String(ecdsaCurve)] ?? "" })).privateKey;
}

/** `RSA PRIVATE KEY`, `EC PRIVATE KEY`; ED25519 has no format of its own. */
function ownFormat(key: KeyObject): "pkcs1" | "sec1" | "pkcs8" {
  if (key.asymmetricKeyType === "rsa") return "pkcs1";
  return key.asymmetricKeyType === "ec" ? "sec1" : "pkcs8";
}
