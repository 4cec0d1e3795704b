import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostHealthProgram, hybridHealthProgram, podHealthProgram } from "../../../../hosts/health/health-program.ts";
import { factsIn } from "../../../../operations/health/host-facts.ts";
import { HostVariant } from "../../../../settings/variants/host.ts";
import { type Shell, shells } from "../shells.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "health-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const storage = () => join(folder, 'images of "all"');
const uploads = "docker/registry/v2/repositories/team-a/app/_uploads";

function write(path: string, text = "", secondsAgo = 0): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(path, at, at);
}

/** A program on the path before all others. */
function program(name: string, script: string): void {
  const path = join(folder, "bin", name);
  write(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function run({ sh, path }: Shell, text: string) {
  const { stdout } = spawnSync(sh, ["-c", text], {
    encoding: "utf8",
    env: { PATH: `${join(folder, "bin")}:${path}` },
  });
  return factsIn(stdout, "the host");
}

/** What Docker 20.10 prints, of a proxy that runs and a registry that was killed for want of memory. */
const docker = `
case "$1 $2" in
"version --format") echo 20.10.24 ;;
"ps "*)
  echo "aaa	proxy	/etc/container-registry/compose.yaml	/etc/container-registry	container-registry-proxy-1"
  echo "bbb	registry	/etc/container-registry/compose.yaml	/etc/container-registry	container-registry-registry-1"
  echo "ccc	registry	/root/compose.yaml	/root	another" ;;
"exec aaa") [ "$3" = caddy ] && echo 'v2.11.4 h1:XKxAMGlVOhmdaPcnbzy0Hw==' ;;
"exec bbb") echo 'Error response from daemon: Container bbb is not running' >&2; exit 1 ;;
"inspect --format")
  case "$4" in
  aaa) echo '"name":"/container-registry-proxy-1","image":"caddy@sha256:1","state":"running","health":"healthy","restarts":0,"started":"2026-11-22T05:02:17.1Z","exitCode":0,"outOfMemory":false,"error":""' ;;
  bbb) echo '"name":"/container-registry-registry-1","image":"sha256:2","state":"exited","health":"unhealthy","restarts":3,"started":"2026-11-22T05:02:17.1Z","exitCode":137,"outOfMemory":true,"error":"a \\"word\\""' ;;
  esac ;;
esac`;

const systemctl = `cat <<'END'
Id=container-registry-backup.timer
LoadState=loaded
ActiveState=active
SubState=waiting
Result=success
UnitFileState=enabled
NextElapseUSecRealtime=Tue 2026-11-24 02:31:05 UTC
LastTriggerUSec=Mon 2026-11-23 02:33:11 UTC

Id=container-registry-backup.service
LoadState=loaded
ActiveState=failed
SubState=failed
Result=exit-code
UnitFileState=static
ExecMainStatus=1
ExecMainExitTimestamp=Mon 2026-11-23 02:33:12 UTC

Id=container-registry-collect.timer
LoadState=not-found
ActiveState=inactive
NextElapseUSecRealtime=
LastTriggerUSec=n/a
END`;

/** The program for a host whose files are below the test's folder. */
function hostProgram({ tls = { kind: "private-ca" } as object, seconds = 3 } = {}): string {
  const variant = HostVariant.parse({ kind: "host", connection: { kind: "local" }, tls });
  return hostHealthProgram(variant, "registry.example.org:8443")
    .replace(/^storage=.*$/m, `storage='${storage()}'`)
    .replace(/^seconds=.*$/m, `seconds=${seconds}`)
    .replaceAll(/(?<==)\/(etc|srv|var)\//g, `${folder}/$1/`);
}

describe.each(shells)("what a registry host says of itself, with $name", (shell) => {
  beforeEach(() => {
    program("docker", docker);
    program("systemctl", systemctl);
    mkdirSync(storage());
  });

  it("names its containers with versions, and no container of another project", () => {
    const { docker, problems } = run(shell, hostProgram());
    expect(problems).toEqual([]);
    expect(docker).toEqual({
      version: "20.10.24",
      containers: [
        expect.objectContaining({
          ...{ service: "proxy", version: "2.11.4", name: "container-registry-proxy-1", state: "running" },
          ...{ health: "healthy", restarts: 0, outOfMemory: false },
        }),
        expect.objectContaining({
          ...{ service: "registry", version: "", state: "exited", restarts: 3, exitCode: 137, outOfMemory: true },
          error: 'a "word"',
        }),
      ],
    });
  });

  it("has the times and results of units", () => {
    const { units } = run(shell, hostProgram());
    expect(units).toMatchObject([
      {
        ...{ Id: "container-registry-backup.timer", ActiveState: "active" },
        NextElapseUSecRealtime: new Date("2026-11-24T02:31:05Z"),
        LastTriggerUSec: new Date("2026-11-23T02:33:11Z"),
      },
      { Result: "exit-code", ExecMainStatus: "1", ExecMainExitTimestamp: new Date("2026-11-23T02:33:12Z") },
      { LoadState: "not-found", NextElapseUSecRealtime: undefined, LastTriggerUSec: undefined },
    ]);
  });

  it("has the disk with its record, and the last collection, backup and verification", () => {
    write(join(storage(), "collection/disk-use"), "2026-11-21T00:00:00Z 1000 500\nhalf a line");
    write(join(storage(), "collection/last"), '{"movedBlobs":1}\n', 60);
    write(join(folder, "var/lib/container-registry-backup/last-backup"), '{"covered":"2026-11-23T02:30:00Z"}\n');
    const { clock, disk, collection, backup, verification } = run(shell, hostProgram());
    expect(Math.abs(clock - Date.now() / 1000)).toBeLessThan(5);
    expect(disk).toMatchObject({
      ...{ path: storage(), readOnly: false },
      records: [{ at: new Date("2026-11-21T00:00:00Z"), used: 1000 }],
    });
    expect(disk?.size).toBeGreaterThan(disk?.used ?? 0);
    expect(disk?.freeInodes).toBeLessThanOrEqual(disk?.inodes ?? 0);
    expect(clock - (collection?.at ?? 0)).toBeGreaterThanOrEqual(60);
    expect(collection?.text).toBe('{"movedBlobs":1}');
    expect(backup?.text).toBe('{"covered":"2026-11-23T02:30:00Z"}');
    expect(verification).toBeNull();
  });

  it("counts uploads, and apart from them those that are written to", () => {
    write(join(storage(), uploads, "one/startedat"), "", 600);
    write(join(storage(), uploads, "one/data"));
    write(join(storage(), uploads, "one/hashstates/sha256/0"));
    for (const name of ["startedat", "data"]) write(join(storage(), uploads, "stale", name), "", 3600);
    utimesSync(join(storage(), uploads, "stale"), 1, 1);
    write(join(storage(), "docker/registry/v2/repositories/app/_layers/sha256/1/link"));
    expect(run(shell, hostProgram()).uploads).toEqual({ open: 2, active: 1 });
  });

  it("has the certificate, and never the key in the same file", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    const path = join(folder, "etc/container-registry/caddy/tls/cert.pem");
    write(path, `-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n${pem}\n`);
    expect(run(shell, hostProgram()).certificates).toEqual([{ path, pem }]);
  });

  it("has the certificate that Caddy got from an ACME server, without those of other names", () => {
    const issued = join(folder, "srv/data/caddy/caddy/certificates/acme.example.org");
    write(join(issued, "registry.example.org/registry.example.org.crt"));
    write(join(issued, "registry.example.org/registry.example.org.key"));
    write(join(issued, "other.example.org/other.example.org.crt"));
    const { certificates } = run(shell, hostProgram({ tls: { kind: "acme", email: "ops@example.org" } }));
    expect(certificates).toEqual([{ path: join(issued, "registry.example.org/registry.example.org.crt"), pem: "" }]);
  });

  it("says the rest where Docker, systemd and the storage fail", () => {
    program("docker", "echo 'Cannot connect to the \"Docker\" daemon. Is it running?' >&2; exit 1");
    program("systemctl", "echo 'Failed to connect to bus' >&2; exit 1");
    rmSync(storage(), { recursive: true });
    const { docker, disk, units, problems, backup } = run(shell, hostProgram());
    expect([docker, disk, units]).toEqual([undefined, undefined, undefined]);
    expect(backup).toBeNull();
    expect(problems).toEqual([
      { part: "docker", problem: 'Cannot connect to the "Docker" daemon. Is it running?' },
      { part: "storage", problem: expect.stringContaining(storage()) },
      { part: "systemd", problem: "Failed to connect to bus" },
    ]);
  });

  it("does not wait for a Docker that hangs", () => {
    program("docker", "exec sleep 60");
    const began = Date.now();
    const { problems, disk } = run(shell, hostProgram({ seconds: 1 }));
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(problems).toEqual([{ part: "docker", problem: "no answer within 1 s" }]);
    expect(disk).toBeDefined();
  });

  it("is the same of the containers of variant hybrid, by their names", () => {
    program(
      "docker",
      docker.replace(
        /^"ps "\*\)[^;]*;;/m,
        `"ps --all") printf 'aaa kind-registry\\nbbb kind-registry-storage\\nccc kind-registry-2\\n' ;;`,
      ),
    );
    const {
      docker: found,
      disk,
      units,
    } = run(shell, hybridHealthProgram({ containerName: "kind-registry", storagePath: storage() }));
    expect(found?.containers.map(({ service, state }) => `${service} ${state}`)).toEqual([
      "proxy running",
      "registry exited",
    ]);
    expect(disk?.path).toBe(storage());
    expect(units).toBeUndefined();
  });

  it("is the version and the disk alone in a pod", () => {
    program("registry", "echo registry github.com/distribution/distribution/v3 v3.1.1");
    const { version, disk, docker, problems } = run(shell, podHealthProgram(storage()));
    expect(version).toBe("3.1.1");
    expect(disk?.path).toBe(storage());
    expect([docker, problems]).toEqual([undefined, []]);
  });
});
