import { describe, expect, it } from "vitest";
import { applyScript, removeScript, standardInput } from "../../../hosts/apply/apply-script.ts";
import { nodeTrustBundle } from "../../../hosts/node-trust/node-trust.ts";
import { addressIn } from "../../../lab/docker/container.ts";
import { docker, label } from "../../../lab/docker/docker.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { network } from "../../../lab/network/network.ts";
import { newCa } from "../../../lab/services/ca.ts";
import { withWorld } from "../../with-world.ts";
import { dressedUnit, nodeFiles } from "../support/nodes/node-files.ts";
import { newerReaders, olderReaders, type Reader } from "../support/nodes/node-readers.ts";

const name = "node-elsewhere";
const container = `container-registry-lab-${name}-registry`;
const address = `${name}-registry.lab.test:5000`;
/** A name that no DNS resolves. */
const host = `${name}-nowhere.lab.test:8443`;
const aliases = ["localhost:5000", `${name}-alias:5000`];
const repository = "docker-internal/p2c/shop:1";
/** Addresses of the registry: the first leads nowhere, the second refuses connections, the third answers. */
const nodeUrls = [`https://${host}`, `https://${name}-registry.lab.test:1`, `http://${address}`];
const readerNames = ["containerd-1", "cri-o", "containerd-2", "microk8s"];

const world = withWorld(async ({ use, defer }) => {
  const { dns } = await startLab();
  const removeRegistry = () => docker(["rm", "--force", "--volumes", container]);
  await removeRegistry();
  defer(() => dns.remove(`${name}-registry.lab.test`));
  defer(removeRegistry);
  const { tag } = await registryImage("registry");
  const environment = ["--env", "REGISTRY_HTTP_ADDR=:5000"];
  await docker(["run", "--detach", "--name", container, "--network", network, "--label", label, ...environment, tag]);
  await dns.add(`${name}-registry.lab.test`, await addressIn(network, container));

  const [older, newer] = await Promise.all([
    startMachine({ name: `${name}-older`, kind: "client" }),
    startMachine({
      name: `${name}-newer`,
      kind: "bare",
      disks: { "/var/lib/containerd": 64, "/var/snap/microk8s/common": 64 },
    }),
  ]);
  use(newer);
  use(older);
  const machines = [older, newer];
  const ca = (await newCa(name)).certificate;
  const readers = [...(await olderReaders(older)), ...(await newerReaders(newer))].filter(
    ({ name }) => name !== "docker",
  );
  await older.run("mkdir /etc/crio");
  await dressedUnit(older, "crio");
  await older.run('skopeo copy --quiet --dest-tls-verify=false docker-archive:"$1" docker://"$2"', {
    args: [await testImage(older), `${address}/${repository}`],
  });
  const before = {
    files: await Promise.all(machines.map((machine) => nodeFiles(machine))),
    pulls: await pulls(readers, host),
  };
  const said = await trusted({ readers, ca }, aliases);
  return { machines, ca, readers, before, said };
});

describe("a registry whose name leads nowhere", () => {
  it.each(readerNames)("is not found by %s before it is told", (reader) => {
    expect(world().before.pulls[reader]).toMatch(/dial tcp: lookup /);
  });

  it.each(readerNames)("is pulled from by %s at the third address, manifest and layers", async (reader) => {
    expect((await pulls(world().readers, host, reader))[reader]).toBe("");
  });

  it.each(readerNames)("is pulled from by %s under its other names", async (reader) => {
    for (const alias of aliases) expect((await pulls(world().readers, alias, reader))[reader], alias).toBe("");
  });

  it.each(readerNames)("is proved to %s by the address that answers, the others named with their reasons", (reader) => {
    const { said } = world();
    expect(said[reader]).toContain(`http://${address} answers; the name ${name}-nowhere.lab.test leads nowhere`);
    expect(said[reader]).toContain(`; also, no connection to https://${name}-registry.lab.test:1 (`);
  });
});

describe("without one of its other names", () => {
  it("is no longer found under that, and still under the rest", async () => {
    const [retained, removed] = aliases as [string, string];
    const { readers } = world();
    await trusted(world(), [retained]);
    for (const [reader, words] of Object.entries(await pulls(readers, removed)))
      expect(words, reader).toMatch(/dial tcp: lookup /);
    for (const [reader, words] of Object.entries(await pulls(readers, retained))) expect(words, reader).toBe("");
  });
});

const applicant = {
  owner: { id: "0123456789abcdef", stack: "container-registry/elsewhere", takeOverFrom: [] },
  application: "0",
};

describe("without the trust", () => {
  it("each machine's files are as they were, to the byte", async () => {
    const { machines, readers, ca, before } = world();
    for (const reader of readers) {
      const bundle = bundleOf(reader, ca, aliases);
      await reader.machine.run(removeScript(bundle), { input: standardInput(bundle, applicant, []) });
    }
    for (const [index, machine] of machines.entries()) expect(await nodeFiles(machine)).toBe(before.files[index]);
  });
});

/** Applies the trust to each reader's node, and returns the output of each apply. */
async function trusted(
  { readers, ca }: { readers: Reader[]; ca: string },
  aliases: string[],
): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const reader of readers) {
    const bundle = bundleOf(reader, ca, aliases);
    const { ok, output } = await reader.machine.attempt(applyScript(bundle), {
      input: standardInput(bundle, applicant, []),
    });
    if (!ok) throw new Error(`${reader.name}: ${output}`);
    said[reader.name] = output;
  }
  return said;
}

function bundleOf({ name, runtime, machine: { connection } }: Reader, ca: string, aliases: string[]) {
  const node = { machine: name, runtime, restart: false, takeOver: false, verify: "ping", generation: "" } as const;
  const how = { ...connection, agent: false };
  const registry = { host, aliases, url: `https://${host}`, nodeUrls, ca, probeImage: "" };
  return nodeTrustBundle({ ...node, connection: how }, registry);
}

/** Lets the readers pull the image. Returns the output of each reader that failed, and an empty text for each that pulled. */
async function pulls(readers: Reader[], registry: string, only?: string): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const { name, machine, pull } of readers) {
    if (only !== undefined && name !== only) continue;
    const { ok, output } = await machine.attempt(pull, { args: [`${registry}/${repository}`] });
    said[name] = ok ? "" : output;
  }
  return said;
}
