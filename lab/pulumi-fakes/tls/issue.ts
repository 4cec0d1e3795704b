import "reflect-metadata";
import { randomBytes } from "node:crypto";
import x509 from "@peculiar/x509";
import type { PropertyMap } from "../plugin/property.ts";
import { texts } from "../plugin/property.ts";
import { readyFromTheStart } from "./renewal.ts";
import type { SigningKey } from "./signing-key.ts";
import { extendedKeyUsages, keyUsages } from "./usages.ts";

export type Issued = { id: string; outputs: PropertyMap };

/** Subject and issuer of a certificate. */
export type Parties = {
  subject: x509.Name;
  subjectKey: x509.PublicKey;
  /** Subject alternative names. */
  names: x509.JsonGeneralNames;
  issuer: x509.Name;
  /** The identifier of the CA's key, in hexadecimal digits. @default none: the certificate names no CA key */
  issuerKeyId?: string;
  key: SigningKey;
};

/**
 * Signs a certificate as the official plugin does with Go's crypto/x509.
 *
 * @see terraform-provider-tls: createCertificate; Go: crypto/x509 CreateCertificate
 */
export async function issue(parties: Parties, inputs: PropertyMap): Promise<Issued> {
  const serial = randomBytes(16);
  const notBefore = new Date();
  const notAfter = new Date(notBefore.getTime() + Number(inputs.validityPeriodHours) * 3_600_000);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial.toString("hex"),
    subject: parties.subject,
    issuer: parties.issuer,
    notBefore,
    notAfter,
    publicKey: parties.subjectKey,
    signingKey: parties.key.private,
    signingAlgorithm: parties.key.signature,
    extensions: await extensions(parties, inputs),
  });
  const id = BigInt(`0x${serial.toString("hex")}`).toString();
  return {
    id,
    outputs: {
      id,
      certPem: `${certificate.toString("pem")}\n`,
      readyForRenewal: readyFromTheStart(inputs),
      validityStartTime: notBefore.toISOString(),
      validityEndTime: notAfter.toISOString(),
    },
  };
}

/** The names of a certificate or a request. */
export function alternativeNames(inputs: PropertyMap): x509.JsonGeneralNames {
  return [
    ...(texts(inputs.dnsNames) ?? []).map((value) => ({ type: "dns", value }) as const),
    ...(texts(inputs.ipAddresses) ?? []).map((value) => ({ type: "ip", value }) as const),
    ...(texts(inputs.uris) ?? []).map((value) => ({ type: "url", value }) as const),
  ];
}

async function extensions(parties: Parties, inputs: PropertyMap): Promise<x509.Extension[]> {
  const uses = texts(inputs.allowedUses) ?? [];
  const usage = uses.reduce((bits, use) => bits | (keyUsages[use] ?? 0), 0);
  const extended = uses.flatMap((use) => extendedKeyUsages[use] ?? []);
  const isCa = inputs.isCaCertificate === true;
  const selfIssued = parties.subject.toString() === parties.issuer.toString();

  const written: x509.Extension[] = [];
  if (usage !== 0) written.push(new x509.KeyUsagesExtension(usage, true));
  if (extended.length > 0) written.push(new x509.ExtendedKeyUsageExtension(extended));
  written.push(new x509.BasicConstraintsExtension(isCa, pathLength(inputs, isCa), true));
  if (isCa || inputs.setSubjectKeyId === true)
    written.push(await x509.SubjectKeyIdentifierExtension.create(parties.subjectKey));
  if (parties.issuerKeyId !== undefined && (!selfIssued || inputs.setAuthorityKeyId === true))
    written.push(new x509.AuthorityKeyIdentifierExtension(parties.issuerKeyId));
  if (parties.names.length > 0)
    written.push(new x509.SubjectAlternativeNameExtension(parties.names, parties.subject.toJSON().length === 0));
  return written;
}

/** Zero counts as not set, because the official plugin never sets Go's MaxPathLenZero. */
function pathLength({ maxPathLength }: PropertyMap, isCa: boolean): number | undefined {
  const length = Number(maxPathLength ?? -1);
  if (length <= 0) return undefined;
  if (!isCa) throw new Error("x509: only CAs are allowed to specify MaxPathLen");
  return length;
}
