import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { applyBundle } from "../hosts/apply/apply-bundle.ts";
import {
  type RegistryHostPlan,
  registryHostBundle,
  registryHostSecretFiles,
} from "../hosts/registry-host/registry-host.ts";
import { sendFiles } from "../hosts/sending/send-files.ts";
import type { MonitoringSettings } from "../render/metrics/stack-metrics.ts";
import type { Account } from "../settings/accounts.ts";
import type { Backup } from "../settings/backup.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import { splitHost } from "../settings/formats/host-name.ts";
import type { GarbageCollection } from "../settings/garbage-collection.ts";
import type { Owner } from "../settings/owner.ts";
import type { Rotations } from "../settings/rotation.ts";
import type { HostVariant } from "../settings/variants/host.ts";
import type { BackupSecrets } from "./backup-secrets.ts";
import { derivedSecret } from "./derived-secret.ts";
import { warnOfFailedRemoval } from "./failed-removal.ts";
import { hostMove } from "./host-move.ts";
import { policyInputs } from "./policy-inputs.ts";
import { PrivateCa } from "./private-ca.ts";
import { type GivenPasswords, type HtpasswdHashes, RegistryAccounts } from "./registry-accounts.ts";
import { addressed, type RegistryEndpoint } from "./registry-endpoint.ts";
import type { Certificate } from "./tls-certificate.ts";

export interface RegistryHostArgs {
  variant: HostVariant;
  containerRegistry: ContainerRegistry;
  accounts: Account[];
  /** `REPOSITORY:TAG` globs of tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly string[];
  /** Passwords from the stack file, by account. @default generated */
  passwords?: GivenPasswords;
  /** Hashes of an htpasswd file, by account, whose passwords work beside the accounts' own. @default none */
  htpasswd?: HtpasswdHashes;
  /** When garbage is collected. @default never */
  garbageCollection?: GarbageCollection;
  /** The rotation state of each account. @default the first password */
  rotations?: Rotations;
  /** Who reads metrics. @default no metrics */
  monitoring?: MonitoringSettings | undefined;
  /** Whom the host tells what is wrong. @default nobody */
  notify?: RegistryHostPlan["notify"];
  /** Where `notify` kind webhook sends messages. */
  notifyUrl?: pulumi.Input<string> | undefined;
  /** The stack that owns the registry on the machine. */
  owner: pulumi.Input<Owner>;
  /** OpenSSH or PEM text. Needed by an SSH connection without an agent. */
  sshPrivateKey?: pulumi.Input<string>;
  /** Whether the registry serves a tiny image that nodes pull as a check. @default false */
  probed?: boolean;
  /** When and where images are backed up. @default no backups */
  backup?: Backup;
  /** What backups are encrypted and stored with. Needed by `backup`. */
  backupSecrets?: BackupSecrets;
  /** PEM, leaf first, and its key. Needed by `tls: { kind: provided }`. */
  certificate?: Certificate;
}

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
    const { variant, containerRegistry, accounts, immutableTags, garbageCollection, monitoring, probed = false } = args;
    const target = { connection: variant.connection, sshPrivateKey: args.sshPrivateKey };

    const { result: secret } = new random.RandomPassword(
      `${name}-secret`,
      { length: 43, special: false },
      { parent: this },
    );
    const credentials = this.createAccounts(name, args, secret);
    const { ca, certificate } = this.createCertificate(name, args);
    const files = sendFiles(name, variant, target, { parent: this });

    const plan = { variant, containerRegistry, accounts, immutableTags, garbageCollection, monitoring };
    const bundle = pulumi.output(ca).apply((ca) =>
      registryHostBundle({
        ...plan,
        archives: files.archives,
        uiFiles: files.uiFiles,
        ca,
        probed,
        backup: args.backup,
        notify: args.notify,
      }),
    );
    const secretFiles = pulumi
      .all([
        credentials,
        secret,
        pulumi.output(certificate),
        pulumi.output(args.backup && args.backupSecrets),
        pulumi.output(args.notify && args.notifyUrl),
      ])
      .apply(([secrets, key, certificate, backup, notifyUrl]) =>
        registryHostSecretFiles(plan, {
          accounts: secrets,
          httpSecret: derivedSecret(key, "uploads"),
          certificate,
          backup,
          notifyUrl,
        }),
      );
    const apply = applyBundle(
      `${name}-apply`,
      { target, bundle, owner: args.owner, secretFiles, moveRule: hostMove(variant) },
      {
        parent: this,
        dependsOn: files.sent,
        hooks: { onError: [new pulumi.ErrorHook("container-registry-host", warnOfFailedRemoval)] },
      },
    );

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
