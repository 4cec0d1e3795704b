import { beforeAll, describe, expect, it, vi } from "vitest";
import { addressIn } from "../../../lab/docker/container.ts";
import { docker, label } from "../../../lab/docker/docker.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { network } from "../../../lab/network/network.ts";
import { withWorld } from "../../with-world.ts";
import { befell, dressedUnit, nodeFiles } from "../support/nodes/node-files.ts";
import { trustingNode } from "../support/nodes/trusting-node.ts";

const name = "node-plain-http";
const container = `container-registry-lab-${name}-registry`;
const host = `${name}-registry.lab.test:5000`;
const reference = `${host}/docker-internal/p2c/shop:1`;
const daemonJson = "/etc/docker/daemon.json";

/** A daemon.json with the irregular white space of a file that somebody wrote by hand. */
const foreign = `{ "log-level":"info",
\t"insecure-registries" : [ "old.example.org:5000"],
  "log-opts": { "max-size": "10m" } }`;

const pullByDocker = 'docker image rm --force "$1" >/dev/null 2>&1 || :; docker pull "$1"';
const pullBySkopeo = 'image=$(mktemp --directory); skopeo copy docker://"$1" dir:"$image"';

const world = withWorld(async ({ use, defer }) => {
  const { dns } = await startLab();
  const removeRegistry = () => docker(["rm", "--force", "--volumes", container]);
  await removeRegistry();
  defer(() => dns.remove(`${name}-registry.lab.test`));
  defer(removeRegistry);
  const environment = ["--env", "REGISTRY_HTTP_ADDR=:5000"];
  const { tag } = await registryImage("registry");
  await docker(["run", "--detach", "--name", container, "--network", network, "--label", label, ...environment, tag]);
  await dns.add(`${name}-registry.lab.test`, await addressIn(network, container));

  const node = use(await trustingNode({ name, host, tls: "none", kind: "client" }));
  const { machine } = node;
  await machine.run('cat >"$1" && systemctl restart docker', { args: [daemonJson], input: foreign });
  await machine.run("mkdir /etc/crio");
  await dressedUnit(machine, "crio");
  await machine.run('skopeo copy --quiet --dest-tls-verify=false docker-archive:"$1" docker://"$2"', {
    args: [await testImage(machine), reference],
  });
  const before = { files: await nodeFiles(machine), pid: await dockerd(machine) };
  return { node, before };
});

describe("a registry without TLS, before the stack says so", () => {
  it.each([
    ["Docker", pullByDocker],
    ["CRI-O's library", pullBySkopeo],
  ])("is not pulled from by %s", async (_, pull) => {
    expect((await world().node.machine.attempt(pull, { args: [reference] })).output).toContain(
      "server gave HTTP response to HTTPS client",
    );
  });
});

describe("up with tls: none", () => {
  beforeAll(async () => {
    const { node } = world();
    const { connection } = node.machine;
    await node.stack.setConfig({
      nodes: ["docker", "cri-o"].map((runtime) => ({ name: runtime, runtime, connection })),
    });
    await node.stack.up();
  });

  it("has Docker pull, reloaded and not restarted", async () => {
    const { node, before } = world();
    await node.machine.run(pullByDocker, { args: [reference] });
    expect(await dockerd(node.machine)).toBe(before.pid);
  });

  it("puts the registry among daemon.json's others, and no other byte anywhere", async () => {
    const text = await world().node.machine.run('cat "$1"', { args: [daemonJson] });
    expect(JSON.parse(text)).toEqual({ ...JSON.parse(foreign), "insecure-registries": expect.any(Array) });
    expect(JSON.parse(text)["insecure-registries"].toSorted()).toEqual([host, "old.example.org:5000"]);
    expect(isInsertion(foreign, text), text).toBe(true);
  });

  it("has CRI-O's library pull by its drop-in, and CRI-O reloaded by SIGHUP", async () => {
    const { node } = world();
    await node.machine.run(pullBySkopeo, { args: [reference] });
    await vi.waitUntil(async () => (await befell(node.machine, "crio")) === "start hup", { timeout: 60_000 });
  });
});

describe("up without nodes", () => {
  const left = withWorld(async () => {
    const { node } = world();
    // Somebody changes another key by hand while the file has this program's change.
    await node.machine.run('sed -i s/10m/20m/ "$1"', { args: [daemonJson] });
    await node.stack.setConfig({ nodes: undefined });
    await node.stack.up();
    return { json: await node.machine.run('cat "$1"; sed -i s/20m/10m/ "$1"', { args: [daemonJson] }) };
  });

  it("leaves daemon.json with what others changed meanwhile, and each file as it was, to the byte", async () => {
    const { node, before } = world();
    expect(left().json).toBe(foreign.replace("10m", "20m"));
    expect(await nodeFiles(node.machine)).toBe(before.files);
  });

  it("has Docker ask for TLS again, without a restart", async () => {
    const { node, before } = world();
    expect((await node.machine.attempt(pullByDocker, { args: [reference] })).output).toContain(
      "server gave HTTP response to HTTPS client",
    );
    expect(await dockerd(node.machine)).toBe(before.pid);
  });
});

describe("a daemon.json that names the registry already", () => {
  const byHand = foreign.replace('"old.example.org:5000"', `"old.example.org:5000",\n  "${host}"`);
  const node = () => world().node;
  const daemon = async () => ({
    json: await node().machine.run('cat "$1"', { args: [daemonJson] }),
    pid: await dockerd(node().machine),
    reloads: await node().machine.run(
      "journalctl --sync; journalctl --unit docker --output cat | grep -c 'Got signal to reload' || :",
    ),
  });

  const there = withWorld(async () => {
    await node().machine.run('cat >"$1" && systemctl restart docker', { args: [daemonJson], input: byHand });
    return daemon();
  });

  it("stays as it is, which up says; Docker is not reloaded, and pulls", async () => {
    await node().setNode({ runtime: "docker", verify: "ping" });
    const { output } = await node().stack.up();
    expect(output).toContain(
      `node: ${daemonJson}: somebody wrote ${host} into "insecure-registries" by hand; it stays as it is`,
    );
    expect(await daemon()).toEqual(there());
    await node().machine.run(pullByDocker, { args: [reference] });
  });

  it("stays once the registry has TLS, and up says that Docker does not verify its certificate", async () => {
    await node().stack.setConfig({ variant: { kind: "existing", tls: { kind: "public" } } });
    await node().setNode({ runtime: "docker" });
    const { output } = await node().stack.up();
    expect(output).toContain(
      `Docker does not verify the certificate of ${host}, since somebody named it in insecure-registries; take it out of ${daemonJson}`,
    );
    expect(await daemon()).toEqual(there());
  });

  it("stays after destroy", async () => {
    await node().stack.destroy();
    expect(await daemon()).toEqual(there());
    await node().machine.run(pullByDocker, { args: [reference] });
  });
});

function dockerd(machine: Machine): Promise<string> {
  return machine.run("pidof dockerd");
}

/** Whether `longer` is `text` with some characters inserted at one position. */
function isInsertion(text: string, longer: string): boolean {
  const same = [...text].findIndex((character, index) => character !== longer[index]);
  return same !== -1 && longer.endsWith(text.slice(same));
}
