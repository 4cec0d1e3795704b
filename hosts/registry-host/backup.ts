import { backupFolder, backupProgramPath, rememberedRuns } from "../../render/backup/paths.ts";
import { backupSettingsFile, knownHosts } from "../../render/backup/settings-file.ts";
import { backupUnits } from "../../render/backup/units.ts";
import type { Backup } from "../../settings/backup.ts";
import type { BundleFile } from "../apply/bundle.ts";
import { backupProgram } from "../backup/program.ts";
import { type BackupSecrets, backupSecretTexts } from "../backup/secret-texts.ts";

export type HostBackup = {
  backup: Backup;
  /** The host's folder with the images. */
  storagePath: string;
  /** The host's folder with the proxy's ACME account and certificates. */
  certificates: string;
};

/** The backup program, its settings and its systemd units. */
export function backupFiles({ backup, storagePath, certificates }: HostBackup): BundleFile[] {
  const { to } = backup;
  const file = (path: string, action: string, text: string) => ({ path, mode: "0644", action, text }) as const;
  const settings = backupSettingsFile(backup, {
    storage: storagePath,
    remembered: rememberedRuns.host,
    cache: `${rememberedRuns.host}/cache`,
    scratch: `${storagePath}/restored`,
    certificates,
  });
  return [
    file(backupProgramPath, "-", backupProgram("host")),
    file(`${backupFolder}/settings`, "-", settings),
    ...(to.kind === "sftp" ? [file(`${backupFolder}/known-hosts`, "-", knownHosts(to))] : []),
    ...Object.entries(backupUnits(backup)).map(([name, text]) => file(`/etc/systemd/system/${name}`, "unit", text)),
  ];
}

/** The backup's files that only root may read, and that no preview shows. */
export function backupSecretFiles(secrets: BackupSecrets): BundleFile[] {
  return Object.entries(backupSecretTexts(secrets)).map(
    ([name, text]) => ({ path: `${backupFolder}/${name}`, mode: "0600", action: "-", text }) as const,
  );
}
