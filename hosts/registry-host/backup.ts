import { backupFolder, backupProgram } from "../../render/backup/paths.ts";
import { type BackupSettings, backupSettingsFile, knownHosts } from "../../render/backup/settings-file.ts";
import { backupUnits } from "../../render/backup/units.ts";
import type { BundleFile } from "../apply/bundle.ts";
import { shellFiles, shellWord } from "../shell.ts";

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
  "verify",
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
    ...(s3
      ? [
          file(
            "s3-keys",
            `AWS_ACCESS_KEY_ID=${shellWord(s3.accessKey)}\nAWS_SECRET_ACCESS_KEY=${shellWord(s3.secretKey)}\n`,
          ),
        ]
      : []),
  ];
}
