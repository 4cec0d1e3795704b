import type { Backup } from "../../settings/backup.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { backupFolder, backupProgramPath, rememberedRuns } from "../backup/paths.ts";
import { backupSettingsFile, knownHosts } from "../backup/settings-file.ts";
import { noTracing } from "../process-environment.ts";
import { contentName } from "./content-name.ts";
import { backupLabels, names, storageRoot } from "./names.ts";
import { confined, user } from "./pod.ts";
import { volumeCronJob } from "./volume-job.ts";

/** Memory limit in MiB. restic has the index of the whole repository in memory: about 200 MiB for a terabyte. */
const memoryMib = 1024;

/** When the cluster ends a run that does not end, in seconds. A first backup of terabytes takes hours. */
const deadlineSeconds = 24 * 3600;

const temporary = "/tmp";
const remembered = `${storageRoot}/${rememberedRuns.belowStorage}`;
const restored = `${storageRoot}/restored`;
const signals = "/run/scratch-registry";
const serveProgram = `${backupFolder}/serve-scratch.sh`;

/** The second container sees by the lock when the program has ended, whether by itself or killed. */
const lockedProgram = `exec 7>${signals}/running && flock 7 && : >${signals}/started && exec sh ${backupProgramPath} "$@"`;

/** The shell programs of backups. */
export type BackupPrograms = {
  program: string;
  /** What the second container of a verification runs. */
  scratchRegistry: string;
};

/** The ConfigMap of backups. Its name contains a checksum, so a backup that runs keeps its own. */
export function backupConfig(backup: Backup, { program, scratchRegistry }: BackupPrograms) {
  const { to } = backup;
  const folders = { storage: storageRoot, remembered, cache: `${temporary}/cache`, scratch: `${restored}/now` };
  const data: Record<string, string> = {
    "program.sh": program,
    "serve-scratch.sh": scratchRegistry,
    settings: backupSettingsFile(backup, folders),
    // ssh ends where its user has no name.
    passwd: `registry:x:${user}:${user}::${temporary}:/bin/sh\n`,
    ...(to.kind === "sftp" && { "known-hosts": knownHosts(to) }),
  };
  return { name: contentName("registry-backup", data), data };
}

/**
 * The CronJobs of backups and of their verification. `config` is the name of the ConfigMap. A backup reads the images through a
 * read-only mount; `registry restore` runs a Job of its template that may write.
 */
export function backupCronJobs({ images }: ClusterVariant, { schedule, verify }: Backup, config: string) {
  const restic = {
    name: "backup",
    image: images.backup.reference,
    imagePullPolicy: "IfNotPresent",
    env: [{ name: "TMPDIR", value: temporary }],
    ...confined(memoryMib),
  };
  const mounts = [
    { name: "program", mountPath: backupFolder, readOnly: true },
    { name: "program", mountPath: "/etc/passwd", subPath: "passwd", readOnly: true },
    { name: "temporary", mountPath: temporary },
    { name: "storage", mountPath: storageRoot, readOnly: true },
    { name: "storage", mountPath: remembered, subPath: "backup" },
  ];
  const common = { deadlineSeconds, podLabels: backupLabels };
  return {
    backup: volumeCronJob({
      ...common,
      schedule,
      // Once more, since the next run uses what an interrupted one has copied.
      backoffLimit: 1,
      containers: [{ ...restic, command: ["sh", backupProgramPath], args: ["backup"], volumeMounts: mounts }],
      volumes: volumes(config),
    }),
    verification: volumeCronJob({
      ...common,
      schedule: verify.schedule,
      backoffLimit: 0,
      containers: [
        {
          ...restic,
          command: ["sh", "-c", lockedProgram, "verify"],
          args: ["verify"],
          volumeMounts: [
            ...mounts,
            { name: "storage", mountPath: restored, subPath: "restored" },
            { name: "signals", mountPath: signals },
          ],
        },
        scratchRegistry(images.registry.reference),
      ],
      volumes: [
        ...volumes(config),
        { name: "scratch-program", configMap: { name: config } },
        { name: "signals", emptyDir: { sizeLimit: "1Mi" } },
      ],
    }),
  };
}

/** Serves what a verification has restored, to the other container alone. */
function scratchRegistry(image: string) {
  return {
    name: "scratch-registry",
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", serveProgram],
    env: Object.entries(noTracing).map(([name, value]) => ({ name, value })),
    ...confined(256),
    volumeMounts: [
      { name: "scratch-program", mountPath: serveProgram, subPath: "serve-scratch.sh", readOnly: true },
      { name: "signals", mountPath: signals },
      { name: "storage", mountPath: storageRoot, readOnly: true },
    ],
  };
}

function volumes(config: string) {
  return [
    {
      name: "program",
      projected: {
        defaultMode: 0o440,
        sources: [{ configMap: { name: config } }, { secret: { name: names.backup } }],
      },
    },
    { name: "temporary", emptyDir: { sizeLimit: "8Gi" } },
  ];
}
