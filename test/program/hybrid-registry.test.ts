import { describe, expect, it } from "vitest";
import { HybridRegistry } from "../../components/hybrid-registry.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { Account } from "../../settings/accounts.ts";
import { ContainerRegistry } from "../../settings/container-registry.ts";
import { HybridVariant } from "../../settings/variants/hybrid.ts";
import { testOwner } from "./owner.ts";
import { isSecret, outputValue, recorded, resource, revealed } from "./recorded.ts";

/** Resource name of the unit on the control plane, as written by version 0.1. */
const endpointSync = "in-cluster-follower@kind-control-plane";

const running = "hostk8s-registry\trunning\tkind\nhostk8s-registry-storage\trunning\tnone\n";

type Given = {
  variant?: { clusterName?: string; [key: string]: unknown };
  ps?: string;
  address?: string;
  subnets?: string;
};

/** With Docker's answers: what runs, the proxy's address, and the subnets of the nodes' network. */
async function created(given: Given = {}) {
  const {
    variant = {},
    ps = running,
    address = "172.18.0.9",
    subnets = "172.18.0.0/16 fc00:f853:ccd:e793::/64 \n",
  } = given;
  const { clusterName = "kind" } = variant;
  const docker = (args: readonly string[]) => {
    if (args.includes(`label=io.x-k8s.kind.cluster=${clusterName}`))
      return `${clusterName}-control-plane 0123456789abcdef running control-plane\n`;
    if (args[0] === "network") return subnets;
    return args[0] === "ps" ? ps : address;
  };
  const { created, resources } = await recorded(
    () =>
      new HybridRegistry("registry", {
        variant: HybridVariant.parse({ kind: "hybrid", ...variant }),
        containerRegistry: ContainerRegistry.parse({ host: "localhost:5002", account: "jenkins" }),
        accounts: [Account.parse({ name: "jenkins", push: ["**"] })],
        cluster: new KubernetesCluster("cluster", { context: "kind-kind" }),
        owner: testOwner,
        takeOverFrom: [],
        docker,
      }),
  );
  const inputs = (type: string, name: string) => resource(resources, type, `registry-${name}`).inputs;
  return { created, resources, inputs, command: resource(resources, "command:local:Command", "registry-containers") };
}

describe("HybridRegistry", () => {
  it("creates both containers by one command, with no secret in its text", async () => {
    const { command, resources } = await created();
    const commands = resources.filter(({ type }) => type.startsWith("command:"));
    expect(commands.map(({ name }) => name)).toEqual(["registry-containers", `registry-${endpointSync}`]);
    expect(isSecret(command.inputs.stdin)).toBe(true);
    expect(`${command.inputs.create}${command.inputs.delete}`).not.toMatch(/-result|-hash/);
    const [, , , ...files] = String(revealed(command.inputs.stdin)).split("\n");
    expect(files.map((line) => line.split(" ")[0])).toEqual(["proxy/accounts.caddy", "storage/config.yml", "end", ""]);
  });

  it("publishes its port on loopback only, in the nodes' network", async () => {
    const { command } = await created();
    expect(command.inputs.create).toMatch(/--publish=127\.0\.0\.1:5002:5000 /);
    expect(command.inputs.create).toMatch(/--network=kind /);
  });

  it("serves nodes at the container's name, for every host in image references", async () => {
    const { endpoint } = (await created()).created;
    expect(await outputValue(endpoint.url)).toBe("http://localhost:5002");
    // With the dot, no node tries its DNS search domains, where a wildcard may lead to a foreign machine.
    expect(await outputValue(endpoint.nodeUrls)).toEqual(["http://hostk8s-registry.:5000"]);
    expect(endpoint.aliases).toEqual(["localhost:5000", "hostk8s-registry:5000"]);
  });

  it("creates nothing in its namespace before this stack owns the registry there", async () => {
    const { resources } = await created({ variant: { ui: { kind: "builtin" } } });
    const within = resources.filter(
      ({ inputs, name }) => Object(inputs.metadata).namespace === "hostk8s" && !/-owner(-seen|-id)?$/.test(name),
    );
    expect(within.length).toBeGreaterThan(4);
    for (const { name, dependencies } of within)
      expect(dependencies, name).toContainEqual(expect.stringMatching(/::registry-in-cluster-owner-id$/));
  });

  it("counts as served once its namespace exists, for consumers that use that namespace", async () => {
    const { endpoint } = (await created()).created;
    const urns = await Promise.all(endpoint.served.map(({ urn }) => outputValue(urn)));
    expect(urns).toEqual([
      expect.stringMatching(/::registry-containers$/),
      expect.stringMatching(/::registry-in-cluster-service$/),
    ]);
  });

  it("points the Service at the container's address", async () => {
    const { inputs } = await created({ address: "172.18.0.7" });
    expect(inputs("kubernetes:discovery.k8s.io/v1:EndpointSlice", "in-cluster-endpoint")).toMatchObject({
      metadata: { namespace: "hostk8s", labels: { "kubernetes.io/service-name": "registry" } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["172.18.0.7"] }],
    });
    expect(inputs("kubernetes:core/v1:Service", "in-cluster-service").spec).not.toHaveProperty("selector");
  });

  it("installs endpoint sync on the control plane, and again in another cluster", async () => {
    const { inputs } = await created();
    const { create } = inputs("command:local:Command", endpointSync);
    expect(create).toContain("docker exec -i kind-control-plane");
    expect(create).toContain("generation=0123456789ab\n");
    expect(create).toContain("getent ahosts hostk8s-registry.");
  });

  it("lets endpoint sync ignore addresses outside the nodes' network", async () => {
    const followed = ({ inputs }: Awaited<ReturnType<typeof created>>) =>
      String(inputs("command:local:Command", endpointSync).create).match(/subnets="(.*?)"/)?.[1];
    expect(followed(await created())).toBe("172.18.0.0/16");
    expect(followed(await created({ subnets: "fc00:f853:ccd:e793::/64 \n" }))).toBe("fc00:f853:ccd:e793::/64");
    await expect(created({ subnets: "\n" })).rejects.toThrow(
      /the Docker network kind has no subnet; correct variant.network/,
    );
  });

  it("removes the endpoint sync of another container or cluster first", async () => {
    const syncTriggers = ({ inputs }: Awaited<ReturnType<typeof created>>, node = "kind-control-plane") =>
      inputs("command:local:Command", endpointSync.replace("kind-control-plane", node)).triggers;
    const before = syncTriggers(await created());
    expect(before).toEqual(["kind-control-plane", "hostk8s-registry"]);
    expect(syncTriggers(await created({ address: "172.18.0.7" }))).toEqual(before);
    expect(syncTriggers(await created({ variant: { containerName: "other" } }))).not.toEqual(before);
    expect(syncTriggers(await created({ variant: { clusterName: "other" } }), "other-control-plane")).not.toEqual(
      before,
    );
  });

  it.each([
    ["hostk8s-registry is not there", ""],
    ["hostk8s-registry-storage is exited", "hostk8s-registry\trunning\tkind\nhostk8s-registry-storage\texited\tnone\n"],
    [
      "hostk8s-registry is not in the network kind",
      "hostk8s-registry\trunning\tbridge\nhostk8s-registry-storage\trunning\tnone\n",
    ],
  ])("runs its command again where %s", async (flaw, ps) => {
    const { command } = await created({ ps });
    expect(command.inputs.environment).toMatchObject({ CONTAINER_REGISTRY_ASKED: expect.stringContaining(flaw) });
  });

  it("triggers no command while both containers run", async () => {
    expect((await created()).command.inputs.environment).toEqual({ CONTAINER_REGISTRY_ASKED: "" });
  });

  it("serves the API and the ui from one origin, the ui from a pod without other rights", async () => {
    const { inputs } = await created({ variant: { ui: { kind: "builtin" } } });
    expect(inputs("kubernetes:networking.k8s.io/v1:Ingress", "in-cluster-ingress").spec).toMatchObject({
      rules: [
        {
          http: {
            paths: [
              { path: "/v2/", backend: { service: { name: "registry" } } },
              { path: "/token", backend: { service: { name: "registry" } } },
              { path: "/registry/", backend: { service: { name: "registry-ui" } } },
              { path: "/registry", backend: { service: { name: "registry-ui" } } },
            ],
          },
        },
      ],
    });
    expect(inputs("kubernetes:apps/v1:Deployment", "in-cluster-ui-pods")).toMatchObject({
      spec: {
        template: {
          spec: {
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [{ securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } } }],
          },
        },
      },
    });
  });

  it("gives the objects of each ui other names, so that deleting the old ui's objects leaves the new one's", async () => {
    const objectsOf = async (ui: object) => {
      const { resources } = await created({ variant: { ui, ingressClassName: "nginx" } });
      const ofUi = resources.filter(({ name }) => /^registry-in-cluster-(ui|page|joxit)/.test(name));
      return ofUi.map(({ type, inputs }) => `${type} ${(inputs.metadata as { name?: string } | undefined)?.name}`);
    };
    const builtin = await objectsOf({ kind: "builtin" });
    const joxit = await objectsOf({
      kind: "joxit",
      image: { reference: `registry.invalid/ui@sha256:${"0".repeat(64)}` },
    });
    expect([builtin, joxit].map((objects) => objects.some((object) => object.includes("Service")))).toEqual([
      true,
      true,
    ]);
    const kubernetes = joxit.filter((object) => object.startsWith("kubernetes:"));
    expect(kubernetes.filter((object) => builtin.includes(object))).toEqual([]);
  });

  it("says how to list Ingress classes when the cluster lacks the named one", async () => {
    const { resources } = await created({ variant: { ingressClassName: "nginx" } });
    const name = "variant.ingressClassName nginx, to be one of: kubectl get ingressclasses";
    expect(resources.find(({ id }) => id === "nginx")).toMatchObject({ name });
  });

  it("creates neither a pod nor a path without a ui", async () => {
    const { resources } = await created();
    expect(resources.map(({ type }) => type)).not.toContain("kubernetes:apps/v1:Deployment");
  });

  it.each([
    ["localhost", "http://localhost:8080", undefined],
    ["an address", "http://127.0.0.1:8080", undefined],
    ["a name", "https://kind.example.org", "kind.example.org"],
  ])("has a rule for %s that users open", async (_what, ingressUrl, host) => {
    const { inputs } = await created({ variant: { ingressUrl } });
    const { spec } = inputs("kubernetes:networking.k8s.io/v1:Ingress", "in-cluster-ingress");
    expect(Object(spec).rules[0].host).toBe(host);
  });
});
