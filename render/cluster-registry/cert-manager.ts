import { isIP } from "node:net";
import { tlsSecretName } from "./names.ts";

const group = "cert-manager.io";

export const certManagerApi = `${group}/v1`;

/** The operator that these objects need, and the CRD that exists if the operator is installed. */
export const certManager = {
  by: "cert-manager",
  installation: "https://cert-manager.io/docs/installation/",
  crd: `certificates.${group}`,
};

/** Names in the namespace, besides the certificate's own. */
export const certManagerNames = {
  selfSigned: "registry-self-signed",
  ca: "registry-ca",
  certificate: "registry",
} as const;

/** The issuer that signs only the CA's own certificate. */
export const selfSignedIssuerSpec = { selfSigned: {} };

/** The CA. It is valid for ten years, since every node trusts it; cert-manager renews it with the same key. */
export const caCertificateSpec = {
  isCA: true,
  commonName: "Container registry",
  secretName: certManagerNames.ca,
  duration: `${3650 * 24}h`,
  privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
  issuerRef: { group, kind: "Issuer", name: certManagerNames.selfSigned },
};

export const caIssuerSpec = { ca: { secretName: certManagerNames.ca } };

/** The registry's certificate. The issuer is `Issuer/NAME`, `ClusterIssuer/NAME`, or `NAME` of an Issuer. */
export function certificateSpec(name: string, issuer = certManagerNames.ca as string) {
  const [kind, issuerName] = issuer.includes("/") ? issuer.split("/") : ["Issuer", issuer];
  return {
    secretName: tlsSecretName({ kind: "cert-manager" }),
    ...(isIP(name) ? { ipAddresses: [name] } : { dnsNames: [name] }),
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { group, kind, name: issuerName },
  };
}
