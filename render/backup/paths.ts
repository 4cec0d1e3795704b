/** The folder of the backup program on the registry host, with its settings and secrets. */
export const backupFolder = "/etc/container-registry/backup";

/** The backup program, which `sh` runs. */
export const backupProgram = `${backupFolder}/program.sh`;
