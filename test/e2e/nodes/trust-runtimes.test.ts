import { beforeAll, describe, expect, it, vi } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { withWorld } from "../../with-world.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { befell, dressedUnit, nodeFiles } from "../support/nodes/node-files.ts";
import { newerReaders, olderReaders, type Reader } from "../support/nodes/node-readers.ts";

const name = "node-readers";
const host = `${name}.lab.test:8443`;
const reference = `${host}/docker-internal/p2c/shop:1`;
const directory = `/etc/containerd/certs.d/${name}.lab.test_8443_`;
const readerNames = ["containerd-1", "docker", "cri-o", "containerd-2", "microk8s"];

const world = withWorld(async ({ use }) => {
  const [registry, older, newer] = await Promise.all([
    registryStack({
      name,
      machine: { kind: "client" },
      containerRegistry: { host, pathPrefix: "docker-internal/p2c", requiresAuthForPull: false },
    }),
    startMachine({ name: `${name}-older`, kind: "client" }),
    startMachine({
      name: `${name}-newer`,
      kind: "bare",
      disks: { "/var/lib/containerd": 64, "/var/snap/microk8s/common": 64 },
    }),
  ]);
  for (const each of [registry, newer, older]) use(each);
  const machines = [older, newer];
  const readers = [...(await olderReaders(older)), ...(await newerReaders(newer))];
  await older.run("mkdir /etc/crio");
  await dressedUnit(older, "crio");
  // Directories that somebody created by hand. The first takes precedence over the second and is empty, so that neither works.
  await newer.run(`mkdir "$1" "$2" && printf 'server = "https://%s"\\n' "$3" >"$2/hosts.toml"`, {
    args: [directory, `/etc/containerd/certs.d/${host}`, host],
  });
  await registry.stack.up();
  await pushImage(registry);
  const before = {
    files: await Promise.all(machines.map((machine) => nodeFiles(machine))),
    pulls: await pulls(readers),
    starts: await starts(readers),
  };
  return { registry, machines, readers, before };
});

describe("before the stack has nodes", () => {
  it.each(readerNames)("%s refuses the registry's certificate", (reader) => {
    expect(world().before.pulls[reader]).toMatch(/certificate signed by unknown authority/);
  });
});

describe("up with a node for each runtime, three on one machine and two on another", () => {
  const trusted = withWorld(async () => {
    const { registry, readers } = world();
    await setNodes("");
    await registry.stack.up();
    return { pulls: await pulls(readers), starts: await starts(readers) };
  });

  it.each(readerNames)("has %s pull through its own files", (reader) => {
    expect(trusted().pulls[reader]).toBe("");
  });

  it("restarts the containerd that had no config_path, once, and no other runtime", async () => {
    const { "containerd-1": restarted, ...others } = trusted().starts;
    const { "containerd-1": first, ...untouched } = world().before.starts;
    expect(others).toEqual(untouched);
    expect(Number(restarted?.split(" ")[1]) - Number(first?.split(" ")[1])).toBe(1);
  });

  it("reloads CRI-O by SIGHUP", async () => {
    const [older] = world().machines as [Machine];
    await vi.waitUntil(async () => (await befell(older, "crio")) === "start hup", { timeout: 60_000 });
  });

  it("writes its file where a foreign empty directory would hide it", async () => {
    const [, newer] = world().machines as [Machine, Machine];
    expect(await newer.run(`ls "$1"`, { args: [directory] })).toBe("ca.crt\nhosts.toml");
  });

  it("opens no SSH connection a second time", async () => {
    const { registry, machines } = world();
    const count = () => Promise.all(machines.map((machine) => machine.sshConnections()));
    const connections = await count();
    await registry.stack.up({ flags: ["--expect-no-changes"] });
    expect(await count()).toEqual(connections);
  });

  it("restarts and reloads nothing when every node is applied anew", async () => {
    const { registry, machines, readers } = world();
    const [older] = machines as [Machine];
    await setNodes("2");
    await registry.stack.up();
    expect(await starts(readers)).toEqual(trusted().starts);
    expect(await befell(older, "crio")).toBe("start hup");
    expect(await pulls(readers)).toEqual(trusted().pulls);
  });
});

describe("up without nodes", () => {
  beforeAll(async () => {
    const { stack } = world().registry;
    await stack.setConfig({ nodes: undefined });
    await stack.up();
  });

  it("leaves each machine's files as they were, to the byte", async () => {
    const { machines, before } = world();
    for (const [index, machine] of machines.entries()) expect(await nodeFiles(machine)).toBe(before.files[index]);
  });

  it("leaves no runtime that pulls", async () => {
    for (const [reader, said] of Object.entries(await pulls(world().readers)))
      expect(said, reader).toMatch(/certificate signed by unknown authority/);
  });
});

function setNodes(generation: string): Promise<void> {
  const { registry, readers } = world();
  const nodes = readers.map(({ name, runtime, machine: { connection } }) => {
    // The unit dressed as CRI-O pulls nothing.
    const verify = runtime === "cri-o" ? "ping" : "pull";
    return { name, runtime, connection, verify, generation };
  });
  return registry.stack.setConfig({ nodes });
}

/** Pushes the image from the registry host itself, through the proxy. */
async function pushImage({ machine, stack }: RegistryStack): Promise<void> {
  const { registryCa, accounts } = await stack.outputs();
  await trust(machine, host, String(registryCa));
  const jenkins = { name: "jenkins", password: String(Object(accounts).jenkins) };
  expect(await clients.curl.push(machine, await testImage(machine), reference, jenkins)).toMatchObject({ ok: true });
}

/** Lets the readers pull the image. Returns the output of each reader that failed, and an empty text for each that pulled. */
async function pulls(readers: Reader[]): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const { name, machine, pull } of readers) {
    const { ok, output } = await machine.attempt(pull, { args: [reference] });
    said[name] = ok ? "" : output;
  }
  return said;
}

/** For each reader, its unit's process id, and how often the unit was started since the machine booted. */
async function starts(readers: Reader[]): Promise<Record<string, string>> {
  const all = readers.map(async ({ name, machine, unit }) => {
    const words = await machine.run(
      `systemctl show --property MainPID --value "$1"
       journalctl --sync
       journalctl --unit "$1" --output cat | grep -c '^Started '`,
      { args: [unit] },
    );
    return [name, words.replace("\n", " ")] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}
