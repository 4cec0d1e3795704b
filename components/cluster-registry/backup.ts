import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { backupProgram, scratchRegistryProgram } from "../../hosts/backup/program.ts";
import { backupSecretTexts } from "../../hosts/backup/secret-texts.ts";
import { backupConfig, backupCronJobs } from "../../render/cluster-registry/backup.ts";
import { labels, names } from "../../render/cluster-registry/names.ts";
import type { Backup } from "../../settings/backup.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import type { BackupSecrets } from "../backup-secrets.ts";
import type { Target } from "./target.ts";

/** The CronJobs that back the volume up and verify backups; `registry backup` and `registry restore` run Jobs of their templates. */
export function createBackups(
  variant: ClusterVariant,
  { backup, secrets }: { backup: Backup; secrets: BackupSecrets },
  { name, namespace, options }: Target,
  deployment: pulumi.Resource,
): void {
  const config = backupConfig(backup, { program: backupProgram("pod"), scratchRegistry: scratchRegistryProgram() });
  const configMap = new ConfigMap(
    `${name}-backup-config`,
    { metadata: { name: config.name, namespace, labels }, data: config.data, immutable: true },
    options,
  );
  const stringData = pulumi.secret(pulumi.output(secrets).apply(backupSecretTexts));
  const secret = new Secret(
    `${name}-backup-secret`,
    { metadata: { name: names.backup, namespace, labels }, stringData },
    options,
  );
  const specs = configMap.metadata.name.apply((config) => backupCronJobs(variant, backup, config));
  // The Secret's name is the same for every stack, so it is no output that the CronJobs could depend on.
  const cronJobs = { ...options, dependsOn: [deployment, secret] };
  new CronJob(`${name}-backup`, { metadata: { name: names.backup, namespace, labels }, spec: specs.backup }, cronJobs);
  new CronJob(
    `${name}-backup-verification`,
    { metadata: { name: names.backupVerification, namespace, labels }, spec: specs.verification },
    cronJobs,
  );
}
