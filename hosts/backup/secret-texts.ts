export type BackupSecrets = {
  /** The password of the restic repository, which encrypts the backups. */
  password: string;
  /** OpenSSH or PEM text. Needed by kind sftp. */
  sshKey?: string | undefined;
  /** Needed by kind s3. */
  s3?: { accessKey: string; secretKey: string } | undefined;
};

/** The texts of the backup program's secret files, by their names in its folder. */
export function backupSecretTexts({ password, sshKey, s3 }: BackupSecrets): Record<string, string> {
  return {
    password: line(password),
    ...(sshKey !== undefined && { "ssh-key": line(sshKey) }),
    ...(s3 && { "s3-keys": s3Keys(s3) }),
  };
}

function line(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/**
 * A credentials file of the AWS SDKs. restic reads it by its path, so the keys are in no process's environment.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
function s3Keys({ accessKey, secretKey }: NonNullable<BackupSecrets["s3"]>): string {
  return `[default]\naws_access_key_id = ${iniValue(accessKey)}\naws_secret_access_key = ${iniValue(secretKey)}\n`;
}

/** Quoted as restic's parser takes it (go-ini), since `#` and `;` would begin a comment. */
function iniValue(text: string): string {
  const quote = text.includes("`") ? '"""' : "`";
  return `${quote}${text}${quote}`;
}
