/** The folder of the backup program, with its settings and secrets, on the registry host and in a cluster's pods. */
export const backupFolder = "/etc/container-registry/backup";

/** The backup program, which `sh` runs. */
export const backupProgramPath = `${backupFolder}/program.sh`;
