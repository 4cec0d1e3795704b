/** The folder of the backup program, with its settings and secrets, on the registry host and in a cluster's pods. */
export const backupFolder = "/etc/container-registry/backup";

/** The backup program, which `sh` runs. */
export const backupProgramPath = `${backupFolder}/program.sh`;

/** Where the program remembers its last runs: on the registry host, and below the storage of a registry in a cluster. */
export const rememberedRuns = { host: "/var/lib/container-registry-backup", belowStorage: "backup" };
