import { generateKeyPairSync } from "node:crypto";
import type { PropertyMap } from "../pulumi-fakes/plugin/property.ts";
import { locallySigned, request, selfSigned } from "../pulumi-fakes/tls/certificates.ts";
import type { CertificateSpec } from "./specs.ts";

/** The contents of a Secret of type kubernetes.io/tls, PEM. */
export type KeyPair = { "tls.crt": string; "tls.key": string; "ca.crt": string };

/** Issues the certificate of a Certificate object: by a CA, or self-signed. Without `key` a new private key is generated. */
export async function sign(spec: CertificateSpec, ca?: KeyPair, key = newKey(spec)): Promise<KeyPair> {
  const asked: PropertyMap = {
    privateKeyPem: key,
    subject: spec.commonName === undefined ? null : { commonName: spec.commonName },
    dnsNames: spec.dnsNames,
    ipAddresses: spec.ipAddresses,
  };
  const given: PropertyMap = {
    isCaCertificate: spec.isCA,
    validityPeriodHours: Number.parseInt(spec.duration, 10),
    allowedUses: ["digital_signature", "key_encipherment", ...(spec.isCA ? ["cert_signing"] : [])],
    setSubjectKeyId: true,
  };
  if (ca === undefined) {
    const certificate = String((await selfSigned({ ...asked, ...given })).outputs.certPem);
    return { "tls.crt": certificate, "tls.key": key, "ca.crt": certificate };
  }
  const certRequestPem = String((await request(asked)).outputs.certRequestPem);
  const by = { caCertPem: ca["tls.crt"], caPrivateKeyPem: ca["tls.key"] };
  const { certPem } = (await locallySigned({ certRequestPem, ...by, ...given })).outputs;
  return { "tls.crt": String(certPem), "tls.key": key, "ca.crt": ca["ca.crt"] };
}

function newKey({ privateKey: { algorithm, size } }: CertificateSpec): string {
  const { privateKey } =
    algorithm === "RSA"
      ? generateKeyPairSync("rsa", { modulusLength: size ?? 2048 })
      : generateKeyPairSync("ec", { namedCurve: `P-${size ?? 256}` });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
