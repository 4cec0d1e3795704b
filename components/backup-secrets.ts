import type * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../settings/secrets/secrets.ts";

/** What backups are encrypted and stored with. */
export type BackupSecrets = {
  password: pulumi.Input<string>;
  sshKey?: pulumi.Input<string> | undefined;
  s3?: { accessKey: pulumi.Input<string>; secretKey: pulumi.Input<string> } | undefined;
};

/** The stack file's secrets for backups; undefined if it has no password for them. */
export function backupSecrets({
  backupPassword: password,
  backupSshKey: sshKey,
  backupS3AccessKey: accessKey,
  backupS3SecretKey: secretKey,
}: Secrets): BackupSecrets | undefined {
  return password && { password, sshKey, s3: accessKey && secretKey && { accessKey, secretKey } };
}
