import { describe } from "vitest";
import { changed, clusterStack, existingStack, hostKey, hostStack, hybridStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const to = { kind: "directory", path: "/mnt/backup/registry" };
const password = { backupPassword: "correct horse battery" };
const sftp = { kind: "sftp", address: "203.0.113.9", user: "backup", hostKey, path: "/srv/registry" };
const s3 = { kind: "s3", endpoint: "https://s3.example.org", bucket: "registry-backup" };
const s3Keys = { backupS3AccessKey: "key", backupS3SecretKey: "secret" };
const manyNodes = { "variant.storage": { kind: "volume", accessMode: "ReadWriteMany" } };
const objectStorage = {
  "variant.storage": { kind: "s3", bucket: "images" },
  s3AccessKey: "key",
  s3SecretKey: "secret",
};

describe("backup", () => {
  refuses(changed(hostStack, password), [
    [{ backup: { to, schedule: "tomorrow" } }, 'backup.schedule = "tomorrow": hourly, a time of each day in UTC'],
    [{ backup: { to, schedule: "Sun 25:00" } }, 'backup.schedule = "Sun 25:00"'],
    [{ backup: { to, keep: { daily: -1 } } }, "backup.keep.daily = -1: 0 or more"],
    [{ backup: { to: { ...to, path: "backup" } } }, 'backup.to.path = "backup": an absolute path'],
    [
      { backup: { to: { ...to, path: "/srv/data/registry/backup" } } },
      'backup.to.path = "/srv/data/registry/backup": lies in or above variant.storagePath',
    ],
    [{ backup: { to: { ...to, path: "/srv" } } }, "lies in or above variant.storagePath"],
    [{ backup: { to: sftp } }, "backupSshKey: missing: backup.to is kind sftp"],
    [{ backup: { to: s3 }, backupS3SecretKey: "secret" }, "backupS3AccessKey: missing: backup.to is kind s3"],
  ]);
  refuses(hostStack, [[{ backup: { to } }, "backupPassword: missing: backup encrypts with it"]]);
  refuses(changed(clusterStack, password), [
    [{ backup: { to } }, 'backup.to.kind = "directory": a pod has no disk besides the registry\'s volume'],
    [{ ...objectStorage, backup: { to: s3 }, ...s3Keys }, "backup: needs storage on a volume: restic copies files"],
    [{ ...manyNodes, backup: { to: s3 }, ...s3Keys }, "backup: needs storage with accessMode ReadWriteOnce"],
  ]);
  refuses(changed(hybridStack, password), [
    [{ backup: { to } }, "backup: needs variant host or cluster: the images are in this machine's"],
  ]);
  refuses(changed(existingStack, password), [
    [{ backup: { to } }, "backup: needs variant host or cluster: an existing registry"],
  ]);
  accepts(changed(hostStack, password), [
    { backup: { to } },
    {
      backup: { to, schedule: "hourly", keep: { daily: 1, weekly: 0, monthly: 0 }, verify: { schedule: "Mon 04:30" } },
    },
    { backup: { to: s3 }, ...s3Keys },
  ]);
  accepts(changed(clusterStack, password), [
    { backup: { to: s3 }, ...s3Keys },
    { backup: { to: sftp }, backupSshKey: hostStack.sshPrivateKey },
  ]);
});
