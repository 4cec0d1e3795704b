import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

export interface PrivateCaArgs {
  /** DNS name or address that clients use, without a port. */
  host: pulumi.Input<string>;
  /** How long the leaf lasts, in days. */
  validityDays: number;
  /** How long before its end an ordinary `up` renews the leaf, in days. */
  renewBeforeDays: number;
}

const hoursADay = 24;

/** Ten years: every node trusts this certificate, so it changes with the stack's life, not with the leaf's. */
const caValidityHours = 3650 * hoursADay;

const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** A CA of the stack's own, and the registry's certificate by it. */
export class PrivateCa extends pulumi.ComponentResource {
  /** PEM of the authority, to be trusted by every client. */
  readonly ca: pulumi.Output<string>;
  /** PEM of the registry's certificate. */
  readonly certificate: pulumi.Output<string>;
  /** PEM of its key, secret. */
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
