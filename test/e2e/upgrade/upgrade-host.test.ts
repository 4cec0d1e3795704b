import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { registryUnit } from "../../../render/systemd-unit.ts";
import { withWorld } from "../../with-world.ts";
import { containers } from "../support/host/host-state.ts";
import { befell, dressedReady, dressedUnit } from "../support/nodes/node-files.ts";
import { filesBelow, identities, importRecorded, type Recorded, recorded, writeFiles } from "./recorded.ts";

const name = "upgrade";
const state = "/var/lib/container-registry";
const served = ["/etc/container-registry"];
const unit = "/etc/systemd/system/container-registry.service";
const caddyfile = "/etc/container-registry/caddy/Caddyfile";
const accountsFile = "/etc/container-registry/caddy/accounts.caddy";
const trusted = ["/etc/rancher", "/var/snap/microk8s/current", "/etc/hosts"];

const world = withWorld(async ({ use }) => {
  const [host, node] = await Promise.all([
    startMachine({ name }),
    startMachine({ name: `${name}-node`, kind: "bare" }),
  ]);
  for (const each of [node, host]) use(each);
  const recording = await hostRecording({ host, node });
  await Promise.all([restoreHost(host, recording), restoreNode(node, recording)]);
  const stack = use(
    await startStack({ name, config: recording.config, secrets: { sshPrivateKey: host.keys.privateKey } }),
  );
  await importRecorded(stack, name, recording.state);
  const stateBefore = identities(await stack.exportState());
  const before = await look({ host, node });
  const said = (await stack.up()).stdout;
  return { host, node, stack, stateBefore, before, said };
});

describe("up over a host and nodes of version 0.1", () => {
  it("keeps every resource, and creates, replaces and deletes none", async () => {
    const { stack, stateBefore, said } = world();
    expect(said).not.toMatch(/\d+ (created|replaced|deleted)/);
    expect(identities(await stack.exportState())).toEqual(stateBefore);
  });

  it("updates only the commands that carry the program, and the component that shows policies its settings", () => {
    const updated = [...world().said.matchAll(/^ *~ +(\S+ \S+) updated/gm)].map(([, resource]) => resource);
    for (const each of updated)
      expect(each).toMatch(/-apply@127\.0\.0\.1-\d+$|^container-registry:host:RegistryHost registry$/);
  });

  it("gives the service the unit that lets Docker start at once", async () => {
    expect(await world().host.run(`cat ${unit}`)).toBe(registryUnit({ storagePath: "/srv/data/registry" }).trim());
  });

  it("gives the proxy the configuration that serves manifests from their files", async () => {
    expect(await world().host.run(`cat ${caddyfile}`)).toContain("route @manifest {");
  });

  it("gives the proxy the site that checks earlier passwords, and the hashes that it had", async () => {
    const accounts = (await world().host.run(`cat ${accountsFile}`)).split("\n");
    expect(accounts).toContain("http://earlier-passwords {");
    const hashes = world()
      .before.accounts.split("\n")
      .filter((line) => line.includes("$2a$"));
    expect(hashes.length).toBeGreaterThan(0);
    expect(accounts).toEqual(expect.arrayContaining(hashes));
  });

  it("leaves each other file of the host and of the node as it was, to the byte", async () => {
    const { before } = world();
    const after = await look(world());
    expect({ served: unchanged(after.served), trusted: after.trusted }).toEqual({
      served: unchanged(before.served),
      trusted: before.trusted,
    });
  });

  it("leaves owners and backups where they were", async () => {
    const { before } = world();
    const after = await look(world());
    expect({ owners: after.owners, paths: after.paths }).toEqual({ owners: before.owners, paths: before.paths });
  });

  it("restarts no container and no k3s", async () => {
    const { before } = world();
    const after = await look(world());
    expect({ containers: after.containers, starts: after.starts }).toEqual({
      containers: before.containers,
      starts: before.starts,
    });
  });

  it("leaves nothing to do for the next up", async () => {
    await world().stack.up({ flags: ["--expect-no-changes"] });
  });
});

describe("destroy", () => {
  it("removes what version 0.1 wrote, and restores what it had found there", async () => {
    const { host, node, stack } = world();
    await stack.destroy();
    expect(await node.run("cat /etc/rancher/k3s/registries.yaml")).toBe(
      'mirrors:\n  docker.io:\n    endpoint: ["https://hub.example.org"] # ours',
    );
    expect(await node.run("cd /var/snap/microk8s/current/args/certs.d && grep . -r .")).toBe(
      "./upgrade.lab.test/hosts.toml:by hand",
    );
    expect(await node.run("grep -c upgrade.lab.test /etc/hosts || :")).toBe("0");
    expect(await node.run(`find ${state} -mindepth 1 ! -name lock`)).toBe("");
    expect(await host.run(`ls -d ${served.join(" ")} 2>/dev/null || :`)).toBe("");
    expect(await host.run("docker ps --all --quiet")).toBe("");
  });
});

/** The list of files without the checksum of the one that this version changes. */
function unchanged(files: string): string {
  const changed = [caddyfile, accountsFile].map((path) => `  ${path}`);
  return files
    .split("\n")
    .filter((line) => !changed.some((path) => line.endsWith(path)) || !/^[0-9a-f]{64} /.test(line))
    .join("\n");
}

type Machines = { host: Machine; node: Machine };

type HostRecording = Recorded & { hostsLine: string };

async function hostRecording({ host, node }: Machines): Promise<HostRecording> {
  const [registry, proxy] = await Promise.all([registryImage("registry"), registryImage("proxy")]);
  return recorded<HostRecording>("host", {
    "@PORT@": host.connection.port,
    "@NODE_PORT@": node.connection.port,
    "@HOST_KEY@": host.connection.hostKey,
    "@PRIVATE_KEY@": host.keys.privateKey.trim(),
    "@REGISTRY_ID@": registry.id,
    "@REGISTRY_ARCHIVE@": registry.archive,
    "@REGISTRY_SHA256@": await sha256(registry.archive),
    "@PROXY_ID@": proxy.id,
    "@PROXY_ARCHIVE@": proxy.archive,
    "@PROXY_SHA256@": await sha256(proxy.archive),
  });
}

/** Restores the files, images and running containers that version 0.1 left on the host. */
async function restoreHost(host: Machine, { machines }: Recorded): Promise<void> {
  await writeFiles(host, machines?.host ?? []);
  for (const image of ["registry", "proxy"] as const) {
    const archive = `${state}/images/registry-${image}-image.tar`;
    await host.copyTo((await registryImage(image)).archive, archive);
    await host.run('chmod 600 "$1" && docker load --quiet --input "$1"', { args: [archive] });
  }
  await host.run("systemctl daemon-reload && systemctl enable --now container-registry.service");
  const ask = `curl --silent --output /dev/null --write-out '%{http_code}' --cacert /etc/container-registry/ca.pem https://${name}.lab.test/v2/`;
  await vi.waitUntil(async () => (await host.attempt(ask)).stdout === "401", { timeout: 60_000, interval: 500 });
}

async function restoreNode(node: Machine, { machines, hostsLine }: HostRecording): Promise<void> {
  await dressedUnit(node, "k3s");
  await dressedReady(node);
  await node.run("mkdir -p /etc/rancher/k3s /var/snap/microk8s/current/args");
  await writeFiles(node, machines?.node ?? []);
  // Docker mounts /etc/hosts into the container, so that the file can be written but not replaced.
  await node.run('{ printf "%s\\n" "$1" && cat /etc/hosts; } >/root/hosts && cat /root/hosts >/etc/hosts', {
    args: [hostsLine],
  });
}

async function look({ host, node }: Machines) {
  return {
    served: await filesBelow(host, ...served),
    accounts: await host.run(`cat ${accountsFile}`),
    trusted: await filesBelow(node, ...trusted),
    owners: await Promise.all([host, node].map((machine) => machine.run(`grep -r . ${state}/*/owner`))),
    paths: await Promise.all([host, node].map((machine) => machine.run(`find ${state} | LC_ALL=C sort`))),
    containers: await containers(host),
    starts: await befell(node, "k3s"),
  };
}

async function sha256(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
