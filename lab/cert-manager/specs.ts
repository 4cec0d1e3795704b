import { z } from "zod";

/** The error for a spec that the real cert-manager accepts, but that this fake does not implement. */
export class NotSupported extends Error {
  override readonly name = "NotSupported";

  constructor(what: string) {
    super(`${what}: not supported by the lab's fake for cert-manager`);
  }
}

const IssuerSpec = z.union([
  z.strictObject({ selfSigned: z.strictObject({}) }),
  z.strictObject({ ca: z.strictObject({ secretName: z.string() }) }),
]);
export type IssuerSpec = z.output<typeof IssuerSpec>;

const CertificateSpec = z.strictObject({
  secretName: z.string(),
  isCA: z.boolean().default(false),
  commonName: z.string().optional(),
  dnsNames: z.array(z.string()).default([]),
  ipAddresses: z.array(z.string()).default([]),
  /** As in `2160h`, cert-manager's default. */
  duration: z
    .string()
    .regex(/^\d+h(0m0s)?$/)
    .default("2160h"),
  privateKey: z
    .strictObject({
      algorithm: z.enum(["RSA", "ECDSA"]).default("RSA"),
      size: z.number().optional(),
      rotationPolicy: z.enum(["Never", "Always"]).default("Always"),
    })
    .prefault({}),
  issuerRef: z.strictObject({
    group: z.literal("cert-manager.io").default("cert-manager.io"),
    kind: z.literal("Issuer").default("Issuer"),
    name: z.string(),
  }),
});
export type CertificateSpec = z.output<typeof CertificateSpec>;

export function issuerSpec(spec: unknown): IssuerSpec {
  return supported(IssuerSpec, spec);
}

export function certificateSpec(spec: unknown): CertificateSpec {
  return supported(CertificateSpec, spec);
}

function supported<Shape extends z.ZodType>(shape: Shape, spec: unknown): z.output<Shape> {
  const { success, data, error } = shape.safeParse(spec);
  if (!success) throw new NotSupported(`${JSON.stringify(spec)} (${z.prettifyError(error)})`);
  return data;
}
