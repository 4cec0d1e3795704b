import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isRenewalLate, isRunLate, limits, roomForFiles, roomOn } from "../../../../settings/warnings/limits.ts";

const { disk, certificate, accountDays, run } = limits;
const file = new URL("../../../../examples/monitoring/alerts.yml", import.meta.url);
const alerts: { groups: { rules: { alert: string; expr: string }[] }[] } = parse(readFileSync(file, "utf8"));
const day = 86_400_000;

const free = "container_registry_disk_free_bytes";
const usable = `(container_registry_disk_used_bytes + ${free})`;
const lateRun = (task: string) =>
  `time() - container_registry_last_run_timestamp_seconds{task="${task}"} > ${run.intervals} * container_registry_interval_seconds + ${run.hours} * 3600`;

describe("examples/monitoring/alerts.yml", () => {
  it.each([
    ["RegistryDiskNearlyFull", `${free} < ${disk.low} * ${usable}`],
    ["RegistryDiskFull", `${free} < ${disk.full} * ${usable}`],
    ["RegistryDiskFillsUp", `predict_linear(${free}[3d], ${disk.days} * 86400) < 0 and ${free} < 0.3 * ${usable}`],
    [
      "RegistryInodesRunOut",
      `container_registry_disk_free_inodes < ${disk.lowInodes} * container_registry_disk_inodes`,
    ],
    [
      "RegistryCertificateExpires",
      `container_registry_certificate_expiry_timestamp_seconds - time() < clamp_max(${certificate.life} * container_registry_certificate_lifetime_seconds, ${certificate.days} * 86400)`,
    ],
    ["RegistryAccountExpires", `container_registry_account_expiry_timestamp_seconds - time() < ${accountDays} * 86400`],
    ["RegistryBackupIsOld", lateRun("backup")],
    ["RegistryBackupIsUnverified", lateRun("verification")],
    ["RegistryCollectionIsOld", lateRun("collection")],
  ])("raises %s by the limit of status and doctor", (alert, expr) => {
    const rule = alerts.groups.flatMap(({ rules }) => rules).find((each) => each.alert === alert);
    expect(rule?.expr.replaceAll(/\s+/g, " ").trim()).toBe(expr);
  });
});

describe("limits", () => {
  it.each([
    [90, 10, "enough"],
    [91, 9, "low"],
    [98, 2, "low"],
    [99, 1, "full"],
    [100, -5, "full"],
  ])("of a disk with %i used and %i free: %s", (used, free, room) => {
    expect(roomOn({ used, free }).room).toBe(room);
  });

  it.each([
    [50, "enough"],
    [49, "low"],
    [19, "full"],
    [undefined, "enough"],
  ])("of 1000 inodes, %s free: %s", (freeInodes, room) => {
    expect(roomForFiles({ inodes: 1000, ...(freeInodes !== undefined && { freeInodes }) })).toBe(room);
  });

  it.each([
    [90, 22, false],
    [90, 20, true],
    [365, 22, false],
    [6, 2, false],
    [6, 1, true],
    [6, -1, true],
  ])("of a certificate for %i days with %i left: late is %s", (life, left, late) => {
    expect(isRenewalLate({ from: (left - life) * day, to: left * day, now: 0 })).toBe(late);
  });

  it.each([
    [3600, 13, false],
    [3600, 14, true],
    [86_400, 47, false],
    [86_400, 49, true],
  ])("of a run every %i s that was done %i hours ago: late is %s", (interval, hours, late) => {
    expect(isRunLate(hours * 3600, interval)).toBe(late);
  });
});
