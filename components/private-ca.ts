import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

export interface PrivateCaArgs {
  /** DNS name or IP address that clients use, without a port. */
  host: pulumi.Input<string>;
  /** Lifetime of the registry's certificate, in days. */
  validityDays: number;
  /** How long before the certificate expires an `up` renews it, in days. */
  renewBeforeDays: number;
}

const hoursADay = 24;

/** The CA's lifetime of ten years. It is long, since every node must be changed when the CA is replaced. */
const caValidityHours = 3650 * hoursADay;

const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** The stack's own CA, and the registry's certificate signed by it. */
export class PrivateCa extends pulumi.ComponentResource {
  /** PEM of the CA's certificate, which every client must trust. */
  readonly ca: pulumi.Output<string>;
  /** PEM of the registry's certificate. */
  readonly certificate: pulumi.Output<string>;
  /** PEM of the certificate's key, secret. */
  readonly privateKey: pulumi.Output<string>;

  constructor(name: string, args: PrivateCaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:tls:PrivateCa", name, {}, opts);
    const parent = { parent: this };

    const caKey = new tls.PrivateKey(`${name}-ca-key`, key, parent);
    const ca = new tls.SelfSignedCert(
      `${name}-ca`,
      {
        privateKeyPem: caKey.privateKeyPem,
        isCaCertificate: true,
        subject: { commonName: pulumi.interpolate`Container registry ${args.host}` },
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: caValidityHours,
      },
      parent,
    );

    const leafKey = new tls.PrivateKey(`${name}-key`, key, parent);
    const request = new tls.CertRequest(
      `${name}-request`,
      { privateKeyPem: leafKey.privateKeyPem, subject: { organization: "container-registry" }, ...names(args.host) },
      parent,
    );
    const leaf = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        caCertPem: ca.certPem,
        caPrivateKeyPem: caKey.privateKeyPem,
        certRequestPem: request.certRequestPem,
        allowedUses: ["digital_signature", "server_auth"],
        validityPeriodHours: args.validityDays * hoursADay,
        earlyRenewalHours: args.renewBeforeDays * hoursADay,
      },
      parent,
    );

    this.ca = ca.certPem;
    this.certificate = leaf.certPem;
    this.privateKey = pulumi.secret(leafKey.privateKeyPem);
    this.registerOutputs({ ca: this.ca, certificate: this.certificate, privateKey: this.privateKey });
  }
}

function names(host: pulumi.Input<string>): Pick<tls.CertRequestArgs, "dnsNames" | "ipAddresses"> {
  const known = pulumi.output(host);
  return {
    dnsNames: known.apply((host) => (isIP(host) ? undefined : [host])),
    ipAddresses: known.apply((host) => (isIP(host) ? [host] : undefined)),
  };
}
