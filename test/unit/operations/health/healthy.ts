import type { CheckedHost } from "../../../../operations/health/checks/host/checked-host.ts";
import type { AppliedMachine } from "../../../../operations/health/checks/machine/applied.ts";
import type { CheckedNode } from "../../../../operations/health/checks/node/node.ts";
import type { HostFacts } from "../../../../operations/health/host-facts.ts";
import type { Mends } from "../../../../operations/health/mends.ts";
import type { ClientFacts } from "../../../../operations/health/registry/client-facts.ts";

export const now = Date.parse("2026-06-15T12:00:00Z");

export const mends: Mends = {
  options: "--stack dev",
  up: "pulumi up --stack dev",
  fix: "npm run -s registry -- doctor --fix --stack dev",
  refresh: "pulumi up --refresh --stack dev",
  rights: "ssh root@192.0.2.10 'docker restart container-registry-proxy-1'",
  passwords: "ssh root@192.0.2.10 'docker restart container-registry-proxy-1'",
  restartRegistry: "ssh root@192.0.2.10 'docker restart container-registry-registry-1'",
  renew: "pulumi up --stack dev",
};

/** What a client sees of a registry that is well. */
export const client: ClientFacts = {
  url: "https://registry.example.org",
  name: "registry.example.org",
  port: 443,
  now,
  addresses: ["192.0.2.10"],
  connection: "open",
  certificate: {
    issuer: "registry.example.org CA",
    validFrom: now - 86_400_000,
    validTo: now + 90 * 86_400_000,
    names: "DNS:registry.example.org",
  },
  ping: { status: 401, login: "bearer", realm: "https://registry.example.org/token" },
  clockOffset: 1,
  plain: { status: 301, location: "https://registry.example.org/v2/" },
  anonymousPull: { status: 404, reason: "404 MANIFEST_UNKNOWN" },
  anonymousPush: { status: 401, reason: "401 UNAUTHORIZED" },
  wrongPassword: { account: "jenkins", status: 401 },
  logins: [{ account: "jenkins", status: 200 }],
  push: {
    ...{ account: "jenkins", repository: "container-registry-doctor", ok: true, step: "delete it" },
    outcome: { status: 202 },
  },
  wanted: { anonymousPull: true, loginForPush: true, ownChallenge: true, accounts: [{ name: "jenkins" }] },
  machine: { addresses: ["192.0.2.10"] },
  mends,
};

const machine: AppliedMachine = {
  clock: new Date(now),
  addresses: ["192.0.2.10"],
  applied: { at: new Date(now - 86_400_000), owner: "00aa", isInterrupted: false },
  files: [
    {
      ...{ path: "/etc/x.conf", mode: "0644", sha256: "aa" },
      now: { mode: "0644", owner: "0:0", sha256: "aa", changedAt: new Date(now - 86_400_000) },
    },
  ],
  entries: [{ path: "/etc/hosts", format: "hosts", isThere: true }],
  adopted: [{ path: "/etc/rancher/k3s/registries.yaml", isChanged: false }],
  where: "host 192.0.2.10",
  affects: "everybody",
  ownerId: "00aa",
  texts: new Map([["/etc/x.conf", "one\ntwo\n"]]),
  mends,
};

const container = {
  ...{ version: "3.1.1", image: "sha256:aa", state: "running", health: "healthy", restarts: 0 },
  ...{ started: "2026-06-01T00:00:00Z", exitCode: 0, outOfMemory: false, error: "" },
  networks: ["container-registry_default"],
};

const gibibyte = 1024 ** 3;

export const health: HostFacts = {
  clock: now / 1000,
  docker: {
    version: "28.2.2",
    containers: [
      { ...container, service: "registry", name: "container-registry-registry-1" },
      { ...container, service: "proxy", name: "container-registry-proxy-1" },
    ],
  },
  disk: {
    ...{ path: "/srv/data/registry", size: 100 * gibibyte, used: 40 * gibibyte, free: 60 * gibibyte },
    ...{ inodes: 1000, freeInodes: 900, readOnly: false, records: [] },
  },
  units: [unit("container-registry.service", "enabled", "active"), unit("docker.service", "enabled", "active")],
  problems: [],
};

export function unit(Id: string, UnitFileState: string, ActiveState: string) {
  return {
    Id,
    UnitFileState,
    ActiveState,
    LoadState: "loaded",
    SubState: "",
    Result: "exit-code",
    ExecMainStatus: "1",
  };
}

/** A registry host that is well. */
export const host: CheckedHost & AppliedMachine = {
  ...machine,
  health,
  services: ["registry", "proxy"],
  command: (text) => `ssh root@192.0.2.10 '${text}'`,
  startDocker: "ssh root@192.0.2.10 'systemctl restart docker.service container-registry.service'",
  startContainers: { mend: mends.fix, fixable: true },
};

/** A node that is well. */
export const worker: CheckedNode = {
  ...machine,
  where: "node worker (192.0.2.11)",
  connection: { kind: "ssh", address: "192.0.2.11", port: 22, user: "root", hostKey: "", agent: false },
  runtime: "k3s",
  registryName: "registry.example.org",
  hostsEntry: "192.0.2.10",
  resolves: ["192.0.2.10"],
  shadows: [],
  units: [{ name: "k3s.service", isActive: true }],
  restarts: [],
  asked: [{ url: "https://registry.example.org", exitCode: 0, status: 401 }],
  pull: { ok: true },
};
