import type * as pulumi from "@pulumi/pulumi";
import type { RegistryHostPlan } from "../hosts/registry-host/registry-host.ts";
import type { MonitoringSettings } from "../render/metrics/stack-metrics.ts";
import type { Account } from "../settings/accounts.ts";
import type { Backup } from "../settings/backup.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import type { GarbageCollection } from "../settings/garbage-collection.ts";
import type { Owner } from "../settings/owner.ts";
import type { Rotations } from "../settings/rotation.ts";
import type { HostVariant } from "../settings/variants/host.ts";
import type { BackupSecrets } from "./backup-secrets.ts";
import type { GivenPasswords, HtpasswdHashes } from "./registry-accounts.ts";
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
