import type { Backup } from "../../settings/backup.ts";
import { backupFolder } from "./paths.ts";

export type BackupSettings = {
  backup: Backup;
  /** The host's folder with the images. */
  storagePath: string;
  /** The host's folder with the proxy's ACME account and certificates. */
  certificates: string;
};

/** The shell variables that the backup program reads. They contain no secret. */
export function backupSettingsFile({ backup, storagePath, certificates }: BackupSettings): string {
  const { to, keep } = backup;
  const counts = Object.entries(keep).filter(([, count]) => count > 0);
  const variables = {
    storage: storagePath,
    certificates,
    repository: resticRepository(to),
    region: to.kind === "s3" ? to.region : "",
    sftp_command: to.kind === "sftp" ? sftpCommand(to) : "",
    keep: ["--keep-within 2d", ...counts.map(([unit, count]) => `--keep-${unit} ${count}`)].join(" "),
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");
}

/** The line of known_hosts for the machine that keeps the backups. */
export function knownHosts({ address, port, hostKey }: Extract<Backup["to"], { kind: "sftp" }>): string {
  return `${port === 22 ? address : `[${address}]:${port}`} ${hostKey}\n`;
}

/** The repository in restic's notation. */
function resticRepository(to: Backup["to"]): string {
  switch (to.kind) {
    case "directory":
      return to.path;
    case "sftp":
      return `sftp:${to.user}@${to.address}:${to.path}`;
    case "s3":
      return `s3:${to.endpoint.replace(/\/+$/, "")}/${to.bucket}`;
  }
}

/** The ssh command that restic talks SFTP through, with the stack's key and the pinned host key. */
function sftpCommand({ address, port, user }: Extract<Backup["to"], { kind: "sftp" }>): string {
  const options = [
    "BatchMode=yes",
    "IdentitiesOnly=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${backupFolder}/known-hosts`,
    "GlobalKnownHostsFile=/dev/null",
  ];
  const flags = options.map((option) => `-o ${option}`).join(" ");
  return `ssh -p ${port} -i ${backupFolder}/ssh-key ${flags} ${user}@${address} -s sftp`;
}
