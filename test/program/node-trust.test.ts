import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { LazyCluster } from "../../components/lazy-cluster.ts";
import { trustMachines } from "../../components/nodes/trust-machines.ts";
import { addressed, type RegistryEndpoint } from "../../components/registry-endpoint.ts";
import { trustingNodes } from "../../hosts/node-trust/trusting-nodes.ts";
import {
  changed,
  existingStack,
  hostKey,
  hostStack,
  hybridStack,
  parsed,
  type Stack,
} from "../unit/settings/stacks.ts";
import { testOwner } from "./owner.ts";
import { isSecret, type Recorded, recorded, resource, revealed } from "./recorded.ts";

const ssh = { kind: "ssh", address: "203.0.113.7", user: "ubuntu", hostKey };
const k3s = { name: "node-1", runtime: "k3s", connection: ssh };
const kind = { name: "dev", runtime: "containerd", connection: { kind: "kind-cluster", name: "dev" } };
const kindContainers = () => [
  { name: "dev-control-plane", id: "0123456789abcdef" },
  { name: "dev-worker", id: "fedcba9876543210" },
];

/** The program's part for nodes, behind a registry that one resource of the test stands for. */
async function trusted(stack: Stack, elsewhere: Partial<RegistryEndpoint> = {}) {
  const { settings } = parsed(stack);
  const { resources } = await recorded(() => {
    const registry = new RandomId("the-registry", { byteLength: 1 });
    const endpoint: RegistryEndpoint = {
      ...addressed(settings.containerRegistry.host, "https"),
      ca: pulumi.output("the CA's PEM\n"),
      accounts: pulumi.secret<Record<string, string>>({ dana: "d4na's password" }),
      served: [registry],
      ...elsewhere,
    };
    const sshPrivateKey = pulumi.secret("an OpenSSH key");
    const cluster = new LazyCluster(settings.variant);
    const known = { endpoint, owner: testOwner, cluster };
    trustMachines(
      trustingNodes(settings, kindContainers),
      settings,
      { sshPrivateKey, passwords: {}, htpasswd: {} },
      known,
    );
  });
  return resources;
}

function commands(resources: readonly Recorded[]): Recorded[] {
  return resources.filter(({ type }) => type.startsWith("command:"));
}

/** The lines behind the program and the owner: `KIND ACTION PATH TEXT`. */
function secretLines({ inputs }: Recorded): string[] {
  return String(revealed(inputs.stdin))
    .split("\n")
    .slice(2, -2)
    .map((line) => line.replace(/\S+$/, (text) => Buffer.from(text, "base64").toString()));
}

describe("NodeTrust", () => {
  it("creates one command for each node", async () => {
    const runtimes = ["microk8s", "containerd", "k3s", "rke2", "docker", "cri-o"];
    const all = runtimes.map((runtime) => ({ ...k3s, runtime, name: runtime, hostsEntry: "203.0.113.5" }));
    const resources = await trusted(changed(hostStack, { nodes: all }));
    expect(commands(resources).map(({ name }) => name)).toEqual(
      runtimes.map((runtime) => `${runtime}-${runtime}-apply@203.0.113.7`),
    );
  });

  it("is another command at another address and with another runtime, and the same one for another user", async () => {
    const names = async (more: object, connection: object = ssh) => {
      const nodes = [{ ...k3s, connection, ...more }];
      return commands(await trusted(changed(hostStack, { nodes }))).map(({ name }) => name);
    };
    const [before] = await names({});
    expect(await names({}, { ...ssh, user: "root" })).toEqual([before]);
    expect(await names({}, { ...ssh, port: 2222 })).toEqual(["node-1-k3s-apply@203.0.113.7-2222"]);
    expect(await names({}, { ...ssh, address: "2001:db8::7" })).toEqual(["node-1-k3s-apply@2001-db8--7"]);
    expect(await names({ runtime: "rke2" })).toEqual(["node-1-rke2-apply@203.0.113.7"]);
  });

  it("sends its owner only by standard input", async () => {
    const { inputs } = resource(
      await trusted(changed(hostStack, { nodes: [k3s] })),
      "command:remote:Command",
      "node-1-k3s-apply@203.0.113.7",
    );
    expect(`${inputs.create}${inputs.delete}`).not.toContain(testOwner.id);
    expect(String(revealed(inputs.stdin)).split("\n")[1]).toMatch(
      /^owner 0123456789abcdef container-registry\/test node-1-k3s-apply-application hex$/,
    );
  });

  it("shows all trust files in the command", async () => {
    const resources = await trusted(changed(hostStack, { nodes: [{ ...k3s, hostsEntry: "203.0.113.5" }] }));
    const { create } = resource(resources, "command:remote:Command", "node-1-k3s-apply@203.0.113.7").inputs;
    expect(String(create).split("\n")).toEqual(
      expect.arrayContaining([
        "203.0.113.5 registry.example.org",
        '      - "https://registry.example.org"',
        '      ca_file: "/etc/rancher/k3s/registry.example.org.crt"',
        "the CA's PEM",
        "machine=node-1",
      ]),
    );
  });

  it("adds less than 27 kB to the inputs for a further node", async () => {
    const named = (name: string) => ({ ...k3s, name, connection: { ...ssh, address: `${name}.example.org` } });
    const size = async (nodes: object[]) =>
      JSON.stringify((await trusted(changed(hostStack, { nodes }))).map(({ inputs }) => inputs)).length;
    const further = (await size([named("node-1"), named("node-2")])) - (await size([named("node-1")]));
    // k3s has the longest program of all runtimes: without compression 76 kB of these.
    expect(further).toBeLessThan(27_000);
    expect(further).toBeGreaterThan(0);
  });

  it("puts no password into create or delete, and sends it by standard input as a secret", async () => {
    const resources = await trusted(changed(hostStack, { nodes: [{ ...k3s, account: "dana" }] }));
    const command = resource(resources, "command:remote:Command", "node-1-k3s-apply@203.0.113.7");

    expect(`${command.inputs.create}${command.inputs.delete}`).not.toMatch(/d4na|OpenSSH key/);
    expect(isSecret(command.inputs.stdin)).toBe(true);
    expect(secretLines(command)).toHaveLength(1);
    expect(secretLines(command)[0]).toMatch(/^registries-yaml restart \/etc\/rancher\/k3s\/registries\.yaml configs:/);
  });

  it("waits for the registry to serve", async () => {
    const resources = await trusted(changed(hostStack, { nodes: [k3s] }));
    expect(resource(resources, "command:remote:Command", "node-1-k3s-apply@203.0.113.7").dependencies).toContainEqual(
      expect.stringMatching(/::the-registry$/),
    );
  });

  it("restarts nodes one after another in the stack file's order, without waiting for nodes that do not restart", async () => {
    const node = (name: string, more: object = {}) => ({
      ...k3s,
      name,
      connection: { ...ssh, address: `${name}.example.org` },
      ...more,
    });
    const all = [
      node("server-1", { restart: true }),
      node("alone"),
      node("server-2", { restart: true }),
      node("other", { runtime: "containerd" }),
      node("agent", { runtime: "rke2", restart: true }),
    ];
    const resources = await trusted(changed(hostStack, { nodes: all }));
    const before = commands(resources).map(({ name, dependencies }) => [
      name.replace(/-(k3s|rke2|containerd)-apply@.*/, ""),
      dependencies
        .filter((urn) => urn.includes("-apply@"))
        .map((urn) => urn.replace(/.*::(.*)-(k3s|rke2)-apply@.*/, "$1")),
    ]);
    expect(Object.fromEntries(before)).toEqual({
      "server-1": [],
      alone: [],
      "server-2": ["server-1"],
      other: [],
      agent: ["server-2"],
    });
  });

  it("gives k3s an existing registry's credentials where pulls need them", async () => {
    const here = { ...k3s, connection: { kind: "local" } };
    const closed = { "containerRegistry.requiresAuthForPull": true };
    const resources = await trusted(changed(existingStack, { ...closed, nodes: [here] }));
    const open = await trusted(changed(existingStack, { nodes: [here] }));

    expect(secretLines(resource(resources, "command:local:Command", "node-1-k3s-apply@local"))).toHaveLength(1);
    expect(secretLines(resource(open, "command:local:Command", "node-1-k3s-apply@local"))).toEqual([]);
  });

  it("treats a kind cluster as its containers, each identified by its id", async () => {
    const resources = await trusted(changed(hostStack, { nodes: [kind] }));
    const [first, second] = commands(resources);

    expect(commands(resources).map(({ name }) => name)).toEqual([
      "dev-dev-control-plane-containerd-apply@dev-control-plane",
      "dev-dev-worker-containerd-apply@dev-worker",
    ]);
    expect(first?.inputs.create).toContain("exec docker exec -i dev-control-plane ");
    expect(first?.inputs.create).toContain("generation=0123456789ab\n");
    expect(second?.inputs.create).toContain("machine=dev-worker\n");
  });

  it("writes into a kind cluster where its registry is", async () => {
    const resources = await trusted(changed(hostStack, { nodes: [kind] }));
    expect(resource(resources, "kubernetes:core/v1:ConfigMap", "dev-config").inputs).toMatchObject({
      metadata: { name: "local-registry-hosting", namespace: "kube-public" },
      data: { "localRegistryHosting.v1": expect.stringMatching(/^host: registry\.example\.org\n/) },
    });
  });
});

describe("variant hybrid", () => {
  const stack = changed(hybridStack, { "variant.clusterName": "dev" });
  const endpoint = {
    aliases: ["localhost:5000", "hostk8s-registry:5000"],
    nodeUrls: pulumi.output(["http://hostk8s-registry.:5000"]),
    ca: pulumi.output(""),
  };

  it("makes every node of its cluster trust the registry under every name, although none is listed", async () => {
    const resources = await trusted(stack, endpoint);
    const [first] = commands(resources);

    expect(commands(resources).map(({ name }) => name)).toEqual([
      "dev-control-plane-containerd-apply@dev-control-plane",
      "dev-worker-containerd-apply@dev-worker",
    ]);
    expect(first?.inputs.create).toContain("generation=0123456789ab\n");
    expect(first?.inputs.create).toContain("registry_urls=http://hostk8s-registry.:5000\n");
    for (const directory of ["localhost_5002_", "localhost_5000_", "hostk8s-registry_5000_"])
      expect(first?.inputs.create).toContain(`@certs.d/${directory}/hosts.toml`);
  });

  it("writes into the cluster where nodes and pods find the registry", async () => {
    const resources = await trusted(stack, endpoint);
    const { data } = resource(resources, "kubernetes:core/v1:ConfigMap", "dev-config").inputs;
    expect(Object(data)["localRegistryHosting.v1"]).toMatch(
      /^host: localhost:5002\nhostFromContainerRuntime: hostk8s-registry:5000\nhostFromClusterNetwork: hostk8s-registry:5000\n/,
    );
  });

  it("creates one cluster resource for everything in the cluster", async () => {
    const resources = await trusted(stack, endpoint);
    const clusters = resources.filter(({ type }) => type === "container-registry:kubernetes:KubernetesCluster");
    expect(clusters.map(({ name }) => name)).toEqual(["cluster"]);
  });

  it("names the key when its cluster does not exist", () => {
    const none = () => {
      throw new Error("no kind cluster of that name runs here");
    };
    expect(() => trustingNodes(parsed(stack).settings, none)).toThrow(
      'variant.clusterName = "dev": no kind cluster of that name runs here',
    );
  });

  it.each([
    ["dev-worker", "containerd", "nodes dev and w are both the container dev-worker, runtime containerd"],
    ["other", "microk8s", "two nodes are called dev-worker; rename the one in nodes: dev-worker"],
  ])("refuses %s in nodes where it cannot be told from one of the cluster's", (container, runtime, message) => {
    const name = container === "dev-worker" ? "w" : "dev-worker";
    const twin = { name, runtime, connection: { kind: "docker-container", name: container } };
    const { settings } = parsed(changed(stack, { nodes: [twin] }));
    expect(() => trustingNodes(settings, kindContainers)).toThrow(message);
  });
});

describe("trustingNodes", () => {
  const { settings } = parsed(changed(hostStack, { nodes: [kind] }));

  it("names the key and the next step when the cluster does not exist", () => {
    const none = () => {
      throw new Error("no kind cluster of that name runs here");
    };
    expect(() => trustingNodes(settings, none)).toThrow(
      'nodes[0].connection.name = "dev": no kind cluster of that name runs here',
    );
  });

  it("rejects a container that is listed by itself too", () => {
    const itself = { name: "w", runtime: "containerd", connection: { kind: "docker-container", name: "dev-worker" } };
    const { settings } = parsed(changed(hostStack, { nodes: [kind, itself] }));
    expect(() => trustingNodes(settings, kindContainers)).toThrow("nodes dev and w are both the container dev-worker");
  });
});
