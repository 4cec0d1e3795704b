import { backupFolder, backupProgram } from "../../render/backup/paths.ts";
import { type BackupSettings, backupSettingsFile, knownHosts } from "../../render/backup/settings-file.ts";
import { backupUnits } from "../../render/backup/units.ts";
import type { BundleFile } from "../apply/bundle.ts";
import { shellFiles } from "../shell.ts";

export type BackupSecrets = {
  /** What restic encrypts with. */
  password: string;
  /** OpenSSH or PEM text. Needed by kind sftp. */
  sshKey?: string | undefined;
  /** Needed by kind s3. */
  s3?: { accessKey: string; secretKey: string } | undefined;
};

const program = shellFiles(new URL("./backup/", import.meta.url), [
  "common",
  "runs",
  "backup",
  "links.awk",
  "references.awk",
  "problems.awk",
  "check-storage",
  "scratch-registry",
  "tag-needs",
  "restore-blobs",
  "verify",
  "verify-sample",
  "restore-tag",
  "restore",
  "main",
]);

/** The backup program, its settings and its systemd units. */
export function backupFiles(settings: BackupSettings): BundleFile[] {
  const { to } = settings.backup;
  const file = (path: string, action: string, text: string) => ({ path, mode: "0644", action, text }) as const;
  return [
    file(backupProgram, "-", program),
    file(`${backupFolder}/settings`, "-", backupSettingsFile(settings)),
    ...(to.kind === "sftp" ? [file(`${backupFolder}/known-hosts`, "-", knownHosts(to))] : []),
    ...Object.entries(backupUnits(settings.backup)).map(([name, text]) =>
      file(`/etc/systemd/system/${name}`, "unit", text),
    ),
  ];
}

/** The backup's files that only root may read, and that no preview shows. */
export function backupSecretFiles({ password, sshKey, s3 }: BackupSecrets): BundleFile[] {
  const file = (name: string, text: string) =>
    ({
      path: `${backupFolder}/${name}`,
      mode: "0600",
      action: "-",
      text: text.endsWith("\n") ? text : `${text}\n`,
    }) as const;
  return [
    file("password", password),
    ...(sshKey === undefined ? [] : [file("ssh-key", sshKey)]),
    ...(s3 ? [file("s3-keys", s3Keys(s3))] : []),
  ];
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
