import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { sendFiles } from "../hosts/sending/send-files.ts";
import { splitHost } from "../settings/formats/host-name.ts";
import { applyRegistryHost, oldHostArgs } from "./apply-registry-host.ts";
import { policyInputs } from "./policy-inputs.ts";
import { PrivateCa } from "./private-ca.ts";
import { RegistryAccounts } from "./registry-accounts.ts";
import { addressed, type RegistryEndpoint } from "./registry-endpoint.ts";
import type { RegistryHostArgs } from "./registry-host-args.ts";
import type { Certificate } from "./tls-certificate.ts";

/**
 * Makes one machine serve the registry: distribution, the proxy in front of it, and the systemd unit that runs both.
 */
export class RegistryHost extends pulumi.ComponentResource {
  /** Where the registry is, what to trust, and the accounts. */
  readonly endpoint: RegistryEndpoint;
  /** What the last run changed on the host, as JSON. */
  readonly summary: pulumi.Output<string>;

  constructor(name: string, args: RegistryHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:host:RegistryHost", name, policyInputs(args), opts);
    const { variant, containerRegistry } = args;
    const target = { connection: variant.connection, sshPrivateKey: args.sshPrivateKey };

    const { result: secret } = new random.RandomPassword(
      `${name}-secret`,
      { length: 43, special: false },
      { parent: this },
    );
    const credentials = this.createAccounts(name, args, secret);
    const { ca, certificate } = this.createCertificate(name, args);
    const files = sendFiles(name, variant, target, { parent: this });

    const created = { files, credentials, secret, ca, certificate };
    const apply = applyRegistryHost(`${name}-apply`, args, created, { parent: this, dependsOn: files.sent });
    // The old host refuses pushes only after the new one serves. If the new one fails, nothing has changed for clients.
    const old = oldHostArgs(args);
    if (old) applyRegistryHost(`${name}-apply`, old, created, { parent: this, dependsOn: apply });

    this.summary = apply.stdout;
    this.endpoint = {
      ...addressed(containerRegistry.host, variant.tls.kind === "none" ? "http" : "https"),
      ca: pulumi.output(ca),
      accounts: credentials.apply((all) => Object.fromEntries(all.map(({ name, password }) => [name, password]))),
      served: [apply],
    };
    const { served: _, ...outputs } = this.endpoint;
    this.registerOutputs({ ...outputs, summary: this.summary });
  }

  private createAccounts(
    name: string,
    { accounts, passwords, htpasswd, rotations }: RegistryHostArgs,
    tokenKey: pulumi.Input<string>,
  ) {
    const names = accounts.map((account) => account.name);
    return new RegistryAccounts(
      `${name}-accounts`,
      { names, tokenKey, passwords, htpasswd, rotations },
      { parent: this },
    ).credentials;
  }

  /** The CA that clients must trust, and the certificate that the proxy serves. */
  private createCertificate(
    name: string,
    { variant: { tls }, containerRegistry, certificate }: RegistryHostArgs,
  ): { ca: pulumi.Input<string>; certificate?: Certificate } {
    switch (tls.kind) {
      case "private-ca": {
        const { name: host } = splitHost(containerRegistry.host);
        const ca = new PrivateCa(`${name}-ca`, { ...tls, host }, { parent: this });
        return { ca: ca.ca, certificate: { chain: ca.certificate, key: ca.privateKey } };
      }
      case "provided":
        return { ca: "", certificate };
      case "none":
      case "acme":
        return { ca: "" };
    }
  }
}
