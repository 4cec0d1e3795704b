import { describe, expect, it } from "vitest";
import { type Check, found, rootCauses } from "../../../../operations/health/check.ts";
import { objects } from "../../../../operations/health/checks/cluster/objects.ts";
import { pods } from "../../../../operations/health/checks/cluster/pods.ts";
import { containers } from "../../../../operations/health/checks/host/containers.ts";
import { storage } from "../../../../operations/health/checks/host/storage.ts";
import { units } from "../../../../operations/health/checks/host/units.ts";
import { applied } from "../../../../operations/health/checks/machine/applied.ts";
import { node } from "../../../../operations/health/checks/node/node.ts";
import { registryChecks } from "../../../../operations/health/checks/registry/registry.ts";
import { client, health, host, now, unit, worker } from "./healthy.ts";

const day = 86_400_000;
const hostChecks = [...containers, ...storage, ...units];

/** The ids of what the checks find in these facts, with what follows from something else below that. */
function ids<Facts>(checks: readonly Check<Facts>[], facts: Facts): string[] {
  return rootCauses(found(checks, facts)).map(({ check }) => check);
}

describe("a healthy stack", () => {
  it("has no findings", () => {
    expect(ids(registryChecks, client)).toEqual([]);
    expect([...ids(hostChecks, host), ...ids(applied, host)]).toEqual([]);
    expect(ids(node, worker)).toEqual([]);
  });
});

describe("the registry, as a client sees it", () => {
  const nothingMore = {
    ...{ certificate: undefined, ping: undefined, plain: undefined, anonymousPull: undefined, push: undefined },
    ...{ anonymousPush: undefined, wrongPassword: undefined, logins: [] },
  };
  const certificate = (changes: object) => ({ certificate: { ...client.certificate, ...changes } });

  it.each([
    ["name-unknown", { ...nothingMore, addresses: [], resolveError: "ENOTFOUND", connection: undefined }],
    ["name-leads-elsewhere", { ...nothingMore, addresses: ["192.0.2.99"], connection: "ECONNREFUSED" }],
    ["name-leads-elsewhere", { ...certificate({ error: "SELF_SIGNED_CERT_IN_CHAIN" }), addresses: ["192.0.2.99"] }],
    ["no-connection", { ...nothingMore, connection: "ETIMEDOUT" }],
    ["certificate-expired", certificate({ validTo: now - day, error: "CERT_HAS_EXPIRED" })],
    ["certificate-untrusted", certificate({ error: "SELF_SIGNED_CERT_IN_CHAIN" })],
    ["certificate-other-name", certificate({ error: "ERR_TLS_CERT_ALTNAME_INVALID" })],
    ["certificate-ends-soon", certificate({ validFrom: now - 85 * day, validTo: now + 5 * day })],
    ["clock-differs", { clockOffset: -600 }],
    ["plain-http-not-redirected", { plain: { status: 200 } }],
    ["no-answer", { ...nothingMore, certificate: client.certificate, ping: { status: 502, reason: "502" } }],
    ["no-login-asked-for", { ping: { status: 200 } }],
    ["no-login-asked-for", { ping: { ...client.ping, status: 401, realm: "https://auth.example.com/token" } }],
    ["storage-does-not-answer", { anonymousPull: { status: 0, reason: "no answer within 5 s" } }],
    ["anonymous-pull-denied", { anonymousPull: { status: 401 } }],
    ["anonymous-pull-accepted", { wanted: { ...client.wanted, anonymousPull: false } }],
    ["anonymous-push-accepted", { anonymousPush: { status: 202 } }],
    ["wrong-password-accepted", { wrongPassword: { account: "jenkins", status: 200 } }],
    ["login-denied", { logins: [{ account: "jenkins", status: 401 }] }],
    ["account-expired", { wanted: { ...client.wanted, accounts: [{ name: "dana", expires: "2026-06-14" }] } }],
    ["push-fails", { push: { ...client.push, ok: false, step: "upload a blob", outcome: { status: 500 } } }],
  ])("%s", (id, changes) => {
    expect(ids(registryChecks, { ...client, ...changes } as typeof client)).toEqual([id]);
  });

  it("may be at another address, as behind NAT, as long as it serves", () => {
    expect(ids(registryChecks, { ...client, addresses: ["198.51.100.1"] })).toEqual([]);
  });

  it("says which account expired on its last day only when the day is over", () => {
    const wanted = { ...client.wanted, accounts: [{ name: "dana", expires: "2026-06-15" }] };
    expect(ids(registryChecks, { ...client, wanted })).toEqual([]);
  });
});

describe("a registry host", () => {
  const [registry, proxy] = health.docker?.containers ?? [];
  const docker = (...all: (object | undefined)[]) => ({ docker: { version: "", containers: all.filter(Boolean) } });
  const disk = (changes: object) => ({ disk: { ...health.disk, ...changes } });

  it.each([
    ["docker-down", { docker: undefined, problems: [{ part: "docker", problem: "no answer within 3 s" }] }],
    ["container-not-running", docker(registry)],
    ["container-not-running", docker({ ...registry, state: "exited", exitCode: 2 }, proxy)],
    ["container-not-running", docker(registry, { ...proxy, state: "restarting", restarts: 12 })],
    ["container-unhealthy", docker({ ...registry, health: "unhealthy" }, proxy)],
    ["disk-nearly-full", disk({ used: 96, free: 4, size: 100 })],
    ["disk-full", disk({ used: 100, free: 0, size: 100 })],
    ["inodes-full", disk({ freeInodes: 3 })],
    ["inodes-nearly-full", disk({ freeInodes: 30 })],
    ["storage-read-only", disk({ readOnly: true })],
    ["scheduled-work-failed", { units: [unit("container-registry-backup.service", "static", "failed")] }],
    ["unit-disabled", { units: [unit("container-registry.service", "disabled", "active")] }],
    ["unit-disabled", { units: [unit("container-registry-collect.timer", "enabled", "inactive")] }],
  ])("%s", (id, changes) => {
    expect(ids(hostChecks, { ...host, health: { ...health, ...changes } as typeof health })).toEqual([id]);
  });
});

describe("a registry beside kind", () => {
  const [registry, proxy] = health.docker?.containers ?? [];
  const of = (...networks: string[]) => {
    const containers = [registry, { ...proxy, networks }];
    const changed = { ...health, docker: { version: "", containers } } as typeof health;
    return ids(hostChecks, { ...host, network: "kind", health: changed });
  };

  it("has its proxy in the network of the nodes", () => {
    expect(of("bridge", "kind")).toEqual([]);
    expect(of("bridge")).toEqual(["container-off-network"]);
  });
});

describe("what up wrote on a machine", () => {
  const [file] = host.files;
  const now = (changes: object) => ({ files: [{ ...file, now: { ...Object(file?.now), ...changes } }] });

  it.each([
    ["never-applied", { applied: undefined, files: [], entries: [] }],
    ["other-owner", { ownerId: "00bb", ...now({ sha256: "bb" }) }],
    ["apply-interrupted", { applied: { ...host.applied, isInterrupted: true } }],
    ["file-changed", now({ sha256: "bb" })],
    ["file-changed", now({ mode: "0666" })],
    ["file-changed", { files: [{ ...file, now: "missing" }] }],
    ["file-changed", { files: [{ ...file, now: "link" }] }],
    ["entry-missing", { entries: [{ path: "/etc/hosts", format: "hosts", isThere: false }] }],
    ["entry-by-hand-changed", { adopted: [{ path: "/etc/hosts", isChanged: true }] }],
  ])("%s", (id, changes) => {
    expect(ids(applied, { ...host, ...changes } as typeof host)).toEqual([id]);
  });

  it("is shown as a difference from what is there, by the path that the apply found on the machine", () => {
    const path = "/etc/containerd/certs.d/r_5000_/hosts.toml";
    const changed = { ...file, path, text: "one\nthree\n", now: { ...Object(file?.now), sha256: "bb" } };
    const texts = new Map([["@certs.d/r_5000_/hosts.toml", "one\ntwo\n"]]);
    const [finding] = rootCauses(found(applied, { ...host, files: [changed], texts } as typeof host));
    expect(finding).toMatchObject({
      lines: ["- two", "+ three"],
      cause: "somebody wrote it at 2026-06-14T12:00:00.000Z",
    });
  });
});

describe("a node", () => {
  const fails = { asked: [{ url: "https://registry.example.org", exitCode: 60, status: 0 }] };
  const noPull = { pull: { ok: false, said: "x509: certificate signed by unknown authority" } };

  it.each([
    ["runtime-down", { units: [{ name: "k3s.service", isActive: false }] }],
    ["restart-due", { restarts: ["k3s.service"], ...noPull }],
    ["entry-shadowed", { shadows: [{ path: "/etc/hosts", line: "192.0.2.9 registry.example.org" }], ...fails }],
    ["node-name-unknown", { resolves: [], asked: [{ ...fails.asked[0], exitCode: 6 }] }],
    ["node-cannot-reach-registry", { ...fails, ...noPull }],
    ["node-cannot-pull", noPull],
    ["entry-missing", { entries: [{ path: "/etc/hosts", format: "hosts", isThere: false }], ...fails, ...noPull }],
  ])("%s", (id, changes) => {
    expect(ids(node, { ...worker, ...changes } as typeof worker)).toEqual([id]);
  });
});

describe("findings of several parts", () => {
  it("are symptoms of the one in their own part, where another part has such a one, too", () => {
    const check = (id: string, followsFrom: string[] = []): Check<{ where: string }> => ({
      ...{ id, title: id, followsFrom },
      run: ({ where }) => [{ problem: `${id} at ${where}`, where, affects: "", mend: "", fixable: false }],
    });
    const [changed, cannotPull] = [check("file-changed"), check("node-cannot-pull", ["file-changed"])];
    const all = [...found([changed], { where: "host" }), ...found([changed, cannotPull], { where: "node" })];
    expect(rootCauses(all).map(({ symptoms }) => symptoms)).toEqual([undefined, ["node-cannot-pull at node"]]);
  });

  it("are symptoms of the one that explains them, also over two steps", () => {
    const down = { ...host, health: { ...health, docker: { version: "", containers: [] } } };
    const silent = { ...client, anonymousPull: { status: 0 }, push: undefined };
    const noPull = { ...worker, pull: { ok: false, said: "502" } } as typeof worker;
    const all = rootCauses([...found(hostChecks, down), ...found(registryChecks, silent), ...found(node, noPull)]);
    expect(all.map(({ check }) => check)).toEqual(["container-not-running", "container-not-running"]);
    expect(all[0]?.symptoms).toEqual([
      "reading a manifest fails: no answer (no reason)",
      "k3s cannot pull the probe image: 502",
    ]);
  });
});

describe("a finding on a node", () => {
  it("explains nothing of another node", () => {
    const noPull = { pull: { ok: false, said: "x509" } } as const;
    const edited = { ...worker, ...noPull, entries: [{ path: "/etc/hosts", format: "hosts", isThere: false }] };
    const other = { ...worker, ...noPull, where: "node other" };
    const all = rootCauses([...found(node, edited), ...found(node, other)]);
    expect(all.map(({ check, where }) => `${check} ${where}`)).toEqual([
      "entry-missing node worker (192.0.2.11)",
      "node-cannot-pull node other",
    ]);
  });
});

describe("the checks", () => {
  const all = [...registryChecks, ...hostChecks, ...node, ...objects, ...pods] as Check<never>[];
  /** Ids of parts that do not answer, and of those of one node. */
  const ofParts = ["host-unreachable", "node-unreachable", "node-not-applied"];

  it("have an id each", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it("name only checks that there are as causes", () => {
    const known = [...ofParts, ...all.map(({ id }) => id)];
    expect(all.flatMap(({ followsFrom = [] }) => followsFrom).filter((id) => !known.includes(id))).toEqual([]);
  });

  it("never follow from themselves, so that each finding has a root", () => {
    const causes = (id: string): readonly string[] => all.find((each) => each.id === id)?.followsFrom ?? [];
    const reaches = (id: string, goal: string, seen: string[] = []): boolean =>
      !seen.includes(id) && causes(id).some((cause) => cause === goal || reaches(cause, goal, [...seen, id]));
    expect(all.map(({ id }) => id).filter((id) => reaches(id, id))).toEqual([]);
  });
});
