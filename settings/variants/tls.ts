import { z } from "zod";
import { httpsUrl } from "../formats/http-url.ts";
import { CertificateFile } from "../formats/local-file.ts";

/** Let's Encrypt's production directory. */
export const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

const days = (example: number) => z.number().int(`a whole number of days, as in ${example}`).min(1, "at least 1 day");

const AcmeTls = z
  .strictObject({
    kind: z.literal("acme"),
    email: z
      .email("an e-mail address, as in ops@example.org")
      .meta({ examples: ["ops@example.org"] })
      .describe("Whom the ACME server tells about problems"),
    directory: httpsUrl(letsEncrypt)
      .default(letsEncrypt)
      .describe("The ACME directory; Let's Encrypt's staging one while trying things out"),
    directoryCa: CertificateFile.optional().describe("PEM file with the CA of the directory's own certificate"),
  })
  .describe(
    "A certificate from Let's Encrypt or another ACME server, by HTTP-01 on port 80; with traefik by TLS-ALPN on 443",
  );

const PrivateCaTls = z
  .strictObject({
    kind: z.literal("private-ca"),
    validityDays: days(397)
      .max(825, "at most 825 days: Apple's clients refuse longer ones")
      .default(397)
      .describe("How long the certificate is valid"),
    renewBeforeDays: days(30).default(30).describe("How long before its end `up` renews it"),
  })
  .refine(({ validityDays, renewBeforeDays }) => renewBeforeDays < validityDays, {
    error: "must be less than validityDays, or every up would renew it",
    path: ["renewBeforeDays"],
  })
  .describe("A CA of this stack's own, and a certificate from it that an ordinary `up` renews");

const ProvidedTls = z
  .strictObject({ kind: z.literal("provided") })
  .describe("A certificate of yours: the secrets tlsCertificate (chain, PEM) and tlsKey");

const CertManagerTls = z
  .strictObject({
    kind: z.literal("cert-manager"),
    issuer: z
      .string()
      .regex(/^((Cluster)?Issuer\/)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "an issuer, as in ClusterIssuer/letsencrypt")
      .optional()
      .describe("Who issues, `ClusterIssuer/NAME` or `Issuer/NAME`; a private CA's own issuer is made unless given"),
  })
  .describe("A certificate from cert-manager, which runs in the cluster");

const NoTls = z.strictObject({ kind: z.literal("none") }).describe("Plain HTTP: passwords travel in clear");

/** How a registry host gets its certificate. */
export const HostTls = z
  .discriminatedUnion("kind", [AcmeTls, PrivateCaTls, ProvidedTls, NoTls])
  .describe("How the registry gets its certificate");

/** How a registry in a cluster gets its certificate. There is no `acme` kind: in a cluster, cert-manager does ACME. */
export const ClusterTls = z
  .discriminatedUnion("kind", [CertManagerTls, PrivateCaTls, ProvidedTls, NoTls])
  .describe("How the registry gets its certificate");

/** Who signed the certificate of a registry that exists. */
export const ExistingTls = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("public") }).describe("A CA every machine trusts"),
    z
      .strictObject({ kind: z.literal("provided-ca"), file: CertificateFile.describe("PEM file with the CA") })
      .describe("A CA of the organisation's own"),
    NoTls,
  ])
  .describe("Who signed the registry's certificate");

export type HostTls = z.output<typeof HostTls>;
export type ClusterTls = z.output<typeof ClusterTls>;
export type ExistingTls = z.output<typeof ExistingTls>;
