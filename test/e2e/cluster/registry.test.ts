import { describe, expect, it } from "vitest";
import { allowPlainHttp, trust } from "../../../lab/clients/clients.ts";
import { startNetworkPolicies } from "../../../lab/cluster/network-policy/start-network-policies.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { kindNetwork, rangesOf } from "../../../lab/network/network.ts";
import { startMinio } from "../../../lab/services/minio.ts";
import { statePasswords } from "../../../operations/rotation/state-passwords.ts";
import { withWorld } from "../../with-world.ts";
import { anonymousPullAuthenticatedPush, tableAccounts } from "../support/client-table.ts";
import { backsUp, setUpBackups } from "../support/cluster/backed-up-registry.ts";
import { startClusterClient } from "../support/cluster/cluster-client.ts";
import { clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { collectsGarbage } from "../support/cluster/collected-garbage.ts";
import { saysHowItIs } from "../support/cluster/health.ts";
import { fromOutside, isReachedByPodsAndNodes } from "../support/cluster/network-policy.ts";
import { proxyAnswers } from "../support/cluster/proxy-answers.ts";
import { podsBecome, pulledDigests, pushPodImage, workloadOf } from "../support/pods.ts";
import { registryCommand } from "../support/registry-command.ts";
import { request } from "../support/request.ts";

const name = "in-cluster";
/** Each may delete what it may push. */
const deletingAccounts = tableAccounts.map((account) => ({ ...account, delete: account.push }));
const byAddress = { host: "registry.{address}.nip.io", account: "jenkins" };

const world = withWorld(async ({ use, defer }) => {
  const registry = use(await clusterRegistryStack({ name, accounts: deletingAccounts }));
  await setUpBackups(registry, use(await startMinio("in-cluster-minio")));
  Object.assign(registry.variant, { nodeNetworks: await rangesOf(kindNetwork) });
  const connection = { kind: "kind-cluster", name: registry.cluster.name };
  await registry.stack.setConfig({
    variant: registry.variant,
    garbageCollection: { schedule: "Sun 03:00" },
    monitoring: { account: "jenkins" },
    nodes: [{ name: "dev", runtime: "containerd", connection }],
  });
  const client = use(await startClusterClient("in-cluster-client", registry.cluster));
  // This `up` shows a preview, as it does for a person, although nothing of the registry exists yet.
  await registry.stack.up({ preview: true });

  const { registryCa, accounts } = await registry.stack.outputs();
  const passwords = Object(accounts);
  const service = ["get", "service", "registry", "--namespace", name, "--output", "jsonpath={.spec.clusterIP}"];
  // Address and port of the registry's Service, `ADDRESS:5000`.
  const clusterIp = `${await registry.cluster.kubectl(service)}:5000`;
  await trust(client, registry.host, String(registryCa));
  await proxyAnswers(client, `https://${registry.host}`);
  await allowPlainHttp(client, clusterIp);
  const archive = await testImage(client);

  // What a client outside of the cluster was answered before any policy was enforced.
  const unpoliced = await fromOutside(registry, client);
  // The lab's fake of a network plugin enforces the network policies while every test runs.
  const policies = use(await startNetworkPolicies({ cluster: registry.cluster, namespace: name }));
  defer(() => registry.cluster.kubectl(["delete", "daemonset", "--all", "--namespace", name, "--ignore-not-found"]));
  return { registry, client, passwords, clusterIp, archive, unpoliced, policies };
});

describe("through the Ingress", () => {
  anonymousPullAuthenticatedPush(() => ({ ...world(), host: world().registry.host }));

  it("sends clients for tokens to the Ingress's name, by TLS", async () => {
    const { registry, client } = world();
    const { headers } = await request(client, `https://${registry.host}/v2/`);
    expect(headers).toContain(`Bearer realm="https://${registry.host}/token",service="${registry.host}"`);
  });
});

describe("through the ClusterIP", () => {
  anonymousPullAuthenticatedPush(() => ({ ...world(), host: world().clusterIp }));

  it("sends clients for tokens to the address, in plain HTTP", async () => {
    const { client, clusterIp } = world();
    const { headers } = await request(client, `http://${clusterIp}/v2/`);
    expect(headers).toContain(`Bearer realm="http://${clusterIp}/token",service="${clusterIp}"`);
  });
});

describe("the kubelet of every worker", () => {
  it("pulls what was pushed a moment before, through the Ingress", async () => {
    await startsOnEveryNode("by-ingress", world().registry.host);
  });

  it("pulls through the ClusterIP where the name leads nowhere", async () => {
    const { registry, client } = world();
    const { dns } = await startLab();
    const image = `${registry.host}/p2c/by-cluster-ip:1`;
    const digest = await pushPodImage({ machine: client, ...registry }, image);
    await dns.remove(registry.host);
    try {
      expect(await request(client, `https://${registry.host}/v2/`)).toMatchObject({ status: 0 });
      await starts("by-cluster-ip", image, digest);
    } finally {
      await dns.add(registry.host, registry.cluster.ingressAddress);
    }
  });
});

describe("monitoring", () => {
  it.each([
    ["registry", "registry_http_requests_total{"],
    ["proxy", "caddy_http_requests_total{"],
    ["stack", "# TYPE container_registry_account_expiry_timestamp_seconds gauge"],
  ])("answers the metrics of the %s to one account", async (part, line) => {
    const { client, registry, passwords } = world();
    const url = `https://${registry.host}/metrics/${part}`;
    const credentials = { name: "jenkins", password: passwords.jenkins };
    expect(await request(client, url, { credentials })).toMatchObject({
      status: 200,
      body: expect.stringContaining(line),
    });
    expect(await request(client, url)).toMatchObject({ status: 401 });
  });
});

describe("registry status, logs, restart and doctor", () => {
  saysHowItIs(world);
});

describe("garbageCollection", () => {
  collectsGarbage(world);
});

describe("backup", () => {
  backsUp(world);
});

describe("an ordinary up", () => {
  it("has nothing to do the second time", async () => {
    await world().registry.stack.up({ flags: ["--expect-no-changes"] });
  });

  it("mends what refresh finds changed by hand", async () => {
    const { registry } = world();
    const deployment = ["deployment/registry", "--namespace", name];
    await registry.cluster.kubectl(["set", "env", ...deployment, "GOGC=100", "--containers", "proxy"]);
    const { stdout } = await registry.stack.refresh();
    expect(stdout).toMatch(/~\s+kubernetes:apps\/v1:Deployment registry-pods/);
    await registry.stack.up();
    const list = "jsonpath={.spec.template.spec.containers[?(@.name=='proxy')].env[?(@.name=='GOGC')].value}";
    expect(await registry.cluster.kubectl(["get", ...deployment, "--output", list])).toBe("400");
    await registry.stack.up({ flags: ["--expect-no-changes"] });
  });
});

describe("exposure load-balancer", () => {
  // A rotation is under way: the proxy accepts both passwords. Consumers are given the old password, and later the new one.
  it.each([
    ["of the ingress controller", { kind: "load-balancer", service: "traefik/traefik" }, "traefik", "current"],
    ["of its own", { kind: "load-balancer" }, undefined, "valid"],
  ])(
    "serves under the nip.io name of a Service %s, and nodes pull by it",
    async (_what, exposure, ingressClassName, previous) => {
      const { registry } = world();
      await registry.stack.setConfig({
        containerRegistry: byAddress,
        variant: { ...registry.variant, exposure, ingressClassName },
        rotations: { jenkins: { generation: 1, date: "2027-01-15", previous } },
      });
      await registry.stack.up();
      const { registryHost, registryUrl, imagePrefix, accounts } = await registry.stack.outputs();
      expect(registryHost).toMatch(/^registry\.172\.30\.77\.\d+\.nip\.io$/);
      expect({ registryUrl, imagePrefix }).toEqual({
        registryUrl: `https://${registryHost}`,
        imagePrefix: registryHost,
      });

      const workload = ingressClassName === undefined ? "by-own-balancer" : "by-nip-io";
      await startsOnEveryNode(workload, String(registryHost));
      await registry.stack.up({ flags: ["--expect-no-changes"] });

      const [newest, old] = await passwordsOfJenkins();
      expect(Object(accounts).jenkins).toBe(previous === "valid" ? newest : old);
      expect([await login(newest), await login(old), await login("wrong")]).toEqual([200, 200, 401]);
    },
  );
});

it("an account that is taken away is refused by the running pod once up ends", async () => {
  const { stack } = world().registry;
  const [taken, ...others] = [...tableAccounts].reverse();
  if (taken === undefined) throw new Error("the table has no account");
  const [password = ""] = (await allPasswords())[taken.name] ?? [];
  expect(await login(password, taken.name)).toBe(200);
  await stack.setConfig({ accounts: others.reverse() });
  await stack.up();
  expect(await login(password, taken.name)).toBe(401);
  await stack.setConfig({ accounts: tableAccounts });
  await stack.up();
});

describe("registry rotate --all", () => {
  it("ends the rotation under way and makes all others, with consumers told once the pod has learnt", async () => {
    const { registry } = world();
    const before = await allPasswords();
    const rotate = registryCommand(registry.stack, ["rotate", "--all", "--overlap", "1s", "--json"], "", namesOfTheLab);
    const { exitCode, stdout, output } = await rotate.result;
    expect(exitCode, output).toBe(0);
    const rotations = tableAccounts.map(({ name }) => [
      name,
      expect.objectContaining({ generation: 1, previous: "revoked" }),
    ]);
    expect(JSON.parse(stdout)).toEqual({ rotations: Object.fromEntries(rotations) });

    const { accounts } = await registry.stack.outputs();
    const after = await allPasswords();
    for (const { name } of tableAccounts) {
      const [newest = ""] = after[name] ?? [];
      expect([after[name], Object(accounts)[name]]).toEqual([[newest], newest]);
      expect(await login(newest, name)).toBe(200);
      for (const old of (before[name] ?? []).filter((each) => each !== newest))
        expect(await login(old, name)).toBe(401);
    }
    // Only for jenkins is no password generated: the rotation under way had generated it already.
    expect(after.jenkins).toEqual(before.jenkins?.slice(0, 1));
    expect(after["team-a"]).not.toEqual(before["team-a"]);
  });
});

describe("the NetworkPolicy, enforced by the lab's fake while all of the above went on", () => {
  isReachedByPodsAndNodes(() => ({ ...world(), before: world().unpoliced }));
});

/** The passwords of the account jenkins in the stack's state, the newest first. */
async function passwordsOfJenkins(): Promise<string[]> {
  return (await allPasswords()).jenkins ?? [];
}

async function allPasswords(): Promise<Record<string, string[]>> {
  const state = await world().registry.stack.exportState({ showSecrets: true });
  return Object.fromEntries(tableAccounts.map(({ name }) => [name, statePasswords(state, name)]));
}

async function login(password = "", name = "jenkins"): Promise<number> {
  const { client, clusterIp } = world();
  const credentials = { name, password };
  return (await request(client, `http://${clusterIp}/v2/`, { credentials })).status;
}

async function startsOnEveryNode(workload: string, host: string): Promise<void> {
  const { registry, client } = world();
  const image = `${host}/p2c/${workload}:1`;
  await starts(workload, image, await pushPodImage({ machine: client, stack: registry.stack, host }, image));
}

/** Starts a pod on each worker, and expects that every kubelet pulls the image and runs it. */
async function starts(workload: string, image: string, digest: string): Promise<void> {
  const { cluster } = world().registry;
  await cluster.kubectl(["apply", "--filename", "-"], JSON.stringify(workloadOf("DaemonSet", workload, name, image)));
  const count = cluster.workers.length;
  const running = await podsBecome((pod) => pod.running, { cluster, name: workload, namespace: name, count });
  expect(await pulledDigests(cluster, running)).toEqual(running.map(() => digest));
}
