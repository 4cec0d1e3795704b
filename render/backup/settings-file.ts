import type { Backup } from "../../settings/backup.ts";
import { backupFolder } from "./paths.ts";

/** The folders of the machine or container that the backup program runs in. */
export type BackupFolders = {
  /** The images. */
  storage: string;
  /** What has to stay between two runs: the lock, and which repository there was. */
  remembered: string;
  /** What restic may download again. */
  cache: string;
  /** Where restores are prepared; on the images' disk. */
  scratch: string;
  /** The proxy's ACME account and certificates. @default none, where somebody else has them */
  certificates?: string;
};

/** The shell variables that the backup program reads. They contain no secret. */
export function backupSettingsFile({ to, keep }: Backup, { certificates = "", ...folders }: BackupFolders): string {
  const counts = Object.entries(keep).filter(([, count]) => count > 0);
  const variables = {
    ...folders,
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
