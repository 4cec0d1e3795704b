import { describe, expect, it } from "vitest";
import type { Seen } from "../../../../operations/commands/status/look.ts";
import { statusReport } from "../../../../operations/commands/status/report.ts";
import { StatusReport } from "../../../../operations/commands/status/status-report.ts";
import { statusText } from "../../../../operations/commands/status/status-text.ts";
import { HostFacts } from "../../../../operations/health/host-facts.ts";
import { changed, clusterStack, hostStack, parsed, type Stack } from "../../settings/stacks.ts";

const now = new Date("2026-11-23T12:00:00Z");
const secondsAgo = (seconds: number) => Math.round(now.getTime() / 1000) - seconds;
const day = 86_400;

const container = (service: string, more = {}) => ({
  ...{ service, version: "3.1.1", name: `/${service}-1`, image: "i", state: "running", health: "healthy", restarts: 0 },
  ...{ started: "2026-11-20T12:00:00.1Z", exitCode: 0, outOfMemory: false, error: "", ...more },
});

const timer = (task: string, next: string) => ({
  ...{ Id: `container-registry-${task}.timer`, LoadState: "loaded", ActiveState: "active" },
  NextElapseUSecRealtime: next,
});

const facts = {
  clock: secondsAgo(0),
  docker: { version: "20.10.24", containers: [container("proxy", { version: "2.11.4" }), container("registry")] },
  disk: { path: "/srv/data/registry", size: 1e12, used: 2e11, free: 8e11, readOnly: false, records: [] as object[] },
  uploads: { open: 3, active: 1 },
  collection: { at: secondsAgo(2 * day), text: '{"bytes":1200000000}' },
  backup: { at: secondsAgo(9 * 3600), text: '{"covered":"2026-11-23T02:30:00Z"}' },
  verification: { at: secondsAgo(day), text: '{"problems":0}' },
  units: [timer("backup", "Tue 2026-11-24 02:31:05 UTC"), timer("collect", "")] as object[],
  problems: [] as object[],
};

const stack = (changes: Record<string, unknown> = {}) => {
  const backup = { to: { kind: "directory", path: "/mnt/backup/registry" } };
  const more = { backup, backupPassword: "correct horse", garbageCollection: { schedule: "Sun 03:00" } };
  return parsed(changed({ ...hostStack, ...more } as Stack, changes));
};

const certificate = (from: string, to: string) => ({
  issuer: "C=US\nO=Let's Encrypt\nCN=R11",
  fingerprint256: "AB",
  validFrom: `${from} GMT`,
  validTo: `${to} GMT`,
});

const healthy: Seen = {
  now,
  served: {
    url: "https://registry.example.org",
    milliseconds: 34,
    certificate: certificate("Nov  1 00:00:00 2026", "Jan 30 00:00:00 2027"),
  },
  host: HostFacts.parse(facts),
  nodes: { known: 3, trusting: 3, lacking: [], unknown: [] },
  unknown: [],
};

function report(seen: Partial<Seen> = {}, changes: Record<string, unknown> = {}): StatusReport {
  const live = { name: "prod", options: [], kubernetes: {}, ...stack(changes) };
  return StatusReport.parse(statusReport(live, { registryCa: "" }, { ...healthy, ...seen }));
}

const hostWith = (more: object) => ({ host: HostFacts.parse({ ...facts, ...more }) });

describe("registry status", () => {
  it("shows a healthy host on one screen, and finds nothing to see to", () => {
    const found = report();
    expect(found.attention).toEqual([]);
    expect(statusText(found, now)).toBe(
      `serving      yes, https://registry.example.org answered a client in 34 ms
stack        prod, variant host
versions     proxy 2.11.4; registry 3.1.1; docker 20.10.24
containers   proxy-1: running; healthy; for 3 days
             registry-1: running; healthy; for 3 days
certificate  67 days left, to 2027-01-30; by R11
disk         /srv/data/registry: 200.0 GB used (20 %), 800.0 GB free of 1.0 TB
uploads      1 in flight, 2 not written to for minutes
collection   2 days ago, 2026-11-21 12:00 UTC, 1.2 GB
backup       9 hours ago, 2026-11-23 03:00 UTC; next 2026-11-24 02:31 UTC
verified     24 hours ago, 2026-11-22 12:00 UTC
accounts     jenkins; dana
rotations    none needed
nodes        3 of 3 trust the registry

not asked here: logins, a push, each file and unit; they are by: registry doctor`,
    );
  });

  it.each<[string, Partial<Seen>, RegExp]>([
    ["does not serve", { served: { url: "https://r", problem: "https://r cannot be asked" } }, /cannot be asked/],
    [
      "has a container that does not run",
      hostWith({
        docker: { version: "20", containers: [container("proxy"), container("registry", { state: "exited" })] },
      }),
      /container registry-1 is exited, healthy/,
    ],
    [
      "lacks a container",
      hostWith({ docker: { version: "20", containers: [container("proxy")] } }),
      /the registry's container is not there.*registry restart/,
    ],
    [
      "has a node that does not trust it",
      { nodes: { known: 2, trusting: 1, lacking: [{ node: "n1", problem: "/etc/hosts was changed" }], unknown: [] } },
      /node n1 does not trust the registry: \/etc\/hosts was changed/,
    ],
    [
      "has a full disk",
      hostWith({ disk: { ...facts.disk, used: 9.5e11, free: 5e10 } }),
      /has 5 % free; what takes the room/,
    ],
    [
      "has a file system without inodes",
      hostWith({ disk: { ...facts.disk, inodes: 1000, freeInodes: 49 } }),
      /has 49 of 1000 inodes left/,
    ],
    [
      "has a read-only disk",
      hostWith({ disk: { ...facts.disk, readOnly: true } }),
      /is read-only, so every push fails/,
    ],
    [
      "has a disk that will be full soon",
      hostWith({
        disk: {
          ...facts.disk,
          records: [
            { at: "2026-11-20T00:00:00Z", used: 0 },
            { at: "2026-11-23T00:00:00Z", used: 3e11 },
          ],
        },
      }),
      /full in 8 days/,
    ],
    [
      "has an expired certificate",
      { served: { ...healthy.served, certificate: certificate("Jan  1 00:00:00 2026", "Mar 30 00:00:00 2026") } },
      /the certificate ended on 2026-03-30; its renewal is late/,
    ],
    [
      "has a certificate whose renewal is late",
      { served: { ...healthy.served, certificate: certificate("Sep  1 00:00:00 2026", "Dec  1 00:00:00 2026") } },
      /the certificate ends in 7 days; its renewal is late: registry renew/,
    ],
    ["has no backup", hostWith({ backup: null }), /there is no backup yet; make one: registry backup/],
    [
      "has an old backup",
      hostWith({ backup: { ...facts.backup, at: secondsAgo(9 * day) } }),
      /the last backup is 216 hours old/,
    ],
    [
      "has a verification with problems",
      hostWith({ verification: { ...facts.verification, text: '{"problems":2}' } }),
      /the last verification found 2 problems/,
    ],
    [
      "has a unit that failed",
      hostWith({ units: [{ Id: "container-registry-backup.service", LoadState: "loaded", ActiveState: "failed" }] }),
      /container-registry-backup.service failed; why: journalctl/,
    ],
  ])("says that it %s", (_what, seen, line) => {
    const { attention } = report(seen);
    expect(attention).toEqual([expect.stringMatching(line)]);
  });

  it("warns of accounts and rotations as previews do", () => {
    const found = report(
      {},
      {
        "accounts.1.expires": "2026-11-30",
        rotateEvery: "90d",
        rotations: { jenkins: { generation: 1, date: "2026-01-01" } },
      },
    );
    expect(found.accounts).toEqual([{ name: "jenkins" }, { name: "dana", expires: "2026-11-30", daysLeft: 7 }]);
    expect(found.rotationsDue).toBe(2);
    expect(found.attention).toEqual([
      expect.stringContaining("account dana works to the end of 2026-11-30"),
      expect.stringContaining("account jenkins should have been rotated by"),
      expect.stringContaining("account dana has no rotation on record"),
    ]);
  });

  it("says the rest where the host cannot be asked", () => {
    const { host: _host, ...rest } = healthy;
    const live = { name: "prod", options: [], kubernetes: {}, ...stack() };
    const unknown = [{ part: "host", problem: "203.0.113.5 does not answer within 10 s" }];
    const found = statusReport(live, { registryCa: "" }, { ...rest, unknown });
    expect(found).toMatchObject({ serving: true, containers: [], unknown, attention: [] });
    expect(found).not.toHaveProperty("backup");
    expect(statusText(found, now)).toContain("not known    host: 203.0.113.5 does not answer within 10 s");
  });

  it("shows pods, and Jobs that failed and were not run again", () => {
    const live = { name: "dev", options: [], kubernetes: {}, ...parsed(clusterStack) };
    const pod = (name: string, ready: string, more = {}) => ({
      ...{ kind: "Pod" as const, spec: {}, metadata: { name, labels: {} } },
      status: {
        ...{ phase: "Running", startTime: "2026-11-23T11:00:00Z", conditions: [{ type: "Ready", status: ready }] },
        containerStatuses: [{ name: "registry", ready: true, restartCount: 2, state: more }],
      },
    });
    const job = (name: string, startTime: string, type: string) => ({
      ...{ kind: "Job" as const, metadata: { name } },
      status: { startTime, conditions: [{ type, status: "True" }] },
    });
    const deployment = {
      ...{ kind: "Deployment" as const, metadata: { name: "registry" }, spec: { replicas: 1 } },
      status: { readyReplicas: 1, conditions: [] },
    };
    const objects = [
      ...[
        deployment,
        pod("registry-1", "True"),
        pod("registry-2", "False", { waiting: { reason: "ImagePullBackOff" } }),
      ],
      ...[job("registry-collect-1", "2026-11-22", "Failed"), job("registry-collect-2", "2026-11-23", "Complete")],
      job("registry-backup-1", "2026-11-22", "Failed"),
    ];
    const { host: _host, ...rest } = healthy;
    const found = statusReport(live, { registryCa: "" }, { ...rest, cluster: { context: "dev", objects } });
    expect(found.containers).toEqual([
      { name: "registry-1", state: "Running", health: "ready", restarts: 2, since: "2026-11-23T11:00:00.000Z" },
      {
        name: "registry-2",
        state: "ImagePullBackOff",
        health: "not ready",
        restarts: 2,
        since: "2026-11-23T11:00:00.000Z",
      },
    ]);
    expect(found.attention).toEqual([
      expect.stringContaining("pod registry-2 is ImagePullBackOff, not ready"),
      "job registry-backup-1 failed; why: kubectl logs job/registry-backup-1",
    ]);
  });
});
