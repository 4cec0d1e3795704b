import { z } from "zod";
import { SshConnection } from "./connection.ts";
import { httpUrl } from "./formats/http-url.ts";
import { bucketName, Region } from "./formats/s3.ts";
import { Schedule } from "./formats/schedule.ts";

const Path = z
  .string()
  .regex(/^(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/, "an absolute path of plain segments, as in /mnt/backup/registry");

const { address, port, user, hostKey } = SshConnection.shape;

const BackupTarget = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("directory"),
        path: Path.describe("The folder; on another disk than the images, best on another machine's"),
      })
      .describe("In a folder of the registry host, such as a mounted disk; not in a cluster"),
    z
      .strictObject({
        kind: z.literal("sftp"),
        address,
        port,
        user: user.describe("Who logs in there, with the secret backupSshKey"),
        hostKey,
        path: Path.describe("The folder there"),
      })
      .describe("On another machine, over SFTP"),
    z
      .strictObject({
        kind: z.literal("s3"),
        endpoint: httpUrl("https://s3.example.org").describe(
          "The store's URL, as in https://s3.eu-central-1.amazonaws.com",
        ),
        bucket: bucketName("registry-backup"),
        region: Region,
      })
      .describe("In object storage; keys are the secrets backupS3AccessKey and backupS3SecretKey"),
  ])
  .describe("Where the restic repository is");

const Count = z.int("a whole number, as in 7").min(0, "0 or more").max(1000, "at most 1000");

/** How the registry's images are backed up, with restic, which the secret backupPassword encrypts for. */
export const Backup = z
  .strictObject({
    to: BackupTarget,
    schedule: Schedule.default("02:30").describe("When a backup runs, UTC: `hourly`, `02:30` or `Sun 04:00`"),
    keep: z
      .strictObject({
        daily: Count.default(7).describe("How many of the last days keep their last backup"),
        weekly: Count.default(5).describe("How many of the last weeks"),
        monthly: Count.default(12).describe("How many of the last months"),
      })
      .prefault({})
      .describe("Which backups stay besides those of the last two days; restic deletes the others after each backup"),
    verify: z
      .strictObject({ schedule: Schedule.default("Sun 05:00").describe("When it runs, UTC, as `schedule`") })
      .prefault({})
      .describe("The check that the newest backup restores, and that the live storage is whole"),
  })
  .describe(
    "Backups of images and, on a host, certificates; variant host, and cluster with a ReadWriteOnce volume (docs/storage.md)",
  );

export type Backup = z.output<typeof Backup>;
