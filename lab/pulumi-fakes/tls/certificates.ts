import "reflect-metadata";
import { createHash } from "node:crypto";
import x509 from "@peculiar/x509";
import type { PropertyMap } from "../plugin/property.ts";
import { alternativeNames, type Issued, issue } from "./issue.ts";
import { type SigningKey, signingKey } from "./signing-key.ts";
import { subjectName } from "./subject.ts";

export async function selfSigned(inputs: PropertyMap): Promise<Issued> {
  const key = await signingKey(String(inputs.privateKeyPem));
  const name = new x509.Name(subjectName(inputs.subject));
  if (inputs.isCaCertificate === true && name.toJSON().length === 0)
    throw new Error("Must contain at least one Distinguished Name when creating Certificate Authority (CA)");
  const publicKey = await x509.PublicKey.create(key.public);
  const hasKeyId = inputs.isCaCertificate === true || inputs.setSubjectKeyId === true;
  if (inputs.setAuthorityKeyId === true && !hasKeyId)
    throw new Error("Invalid Certificate Authority: Could not determine Authority Key Identifier");

  const names = alternativeNames(inputs);
  const issuerKeyId = hasKeyId ? await keyId(publicKey) : undefined;
  const issued = await issue({ subject: name, subjectKey: publicKey, names, issuer: name, issuerKeyId, key }, inputs);
  return withAlgorithm(issued, { keyAlgorithm: key.name });
}

export async function locallySigned(inputs: PropertyMap): Promise<Issued> {
  const key = await signingKey(String(inputs.caPrivateKeyPem));
  const ca = new x509.X509Certificate(String(inputs.caCertPem));
  await refuseForeignKey(ca, key);
  const asked = new x509.Pkcs10CertificateRequest(String(inputs.certRequestPem));
  const asks = asked.extensions.find((extension) => extension instanceof x509.SubjectAlternativeNameExtension);
  const names = asks?.names.toJSON() ?? [];
  const issuerKeyId = ca.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;

  const issued = await issue(
    {
      subject: asked.subjectName,
      subjectKey: asked.publicKey,
      names: names.filter(({ type }) => ["dns", "ip", "url"].includes(type)),
      issuer: ca.subjectName,
      issuerKeyId,
      key,
    },
    inputs,
  );
  return withAlgorithm(issued, { caKeyAlgorithm: key.name });
}

export async function request(inputs: PropertyMap): Promise<Issued> {
  const key = await signingKey(String(inputs.privateKeyPem));
  const names = alternativeNames(inputs);
  const written = await x509.Pkcs10CertificateRequestGenerator.create({
    name: new x509.Name(subjectName(inputs.subject)),
    keys: { privateKey: key.private, publicKey: key.public },
    signingAlgorithm: key.signature,
    extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
  });
  const id = createHash("sha1").update(Buffer.from(written.rawData)).digest("hex");
  const outputs = { id, certRequestPem: `${written.toString("pem")}\n`, keyAlgorithm: key.name };
  return { id, outputs };
}

async function refuseForeignKey(ca: x509.X509Certificate, key: SigningKey): Promise<void> {
  const own = await x509.PublicKey.create(key.public);
  if (!Buffer.from(own.rawData).equals(Buffer.from(ca.publicKey.rawData)))
    throw new Error("x509: provided PrivateKey doesn't match parent's PublicKey");
}

async function keyId(publicKey: x509.PublicKey): Promise<string> {
  return Buffer.from(await publicKey.getKeyIdentifier()).toString("hex");
}

function withAlgorithm({ id, outputs }: Issued, algorithm: PropertyMap): Issued {
  return { id, outputs: { ...outputs, ...algorithm } };
}
