import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { startChromium } from "../../../lab/clients/chromium.ts";
import { allowPlainHttp } from "../../../lab/clients/clients.ts";
import { type Cluster, startCluster } from "../../../lab/cluster/cluster.ts";
import { podImage } from "../../../lab/cluster/images.ts";
import { addressIn, removeContainers } from "../../../lab/docker/container.ts";
import { docker, label } from "../../../lab/docker/docker.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { joxitImage } from "../../../lab/images/joxit-image.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { freePort } from "../../../lab/network/free-port.ts";
import { kindNetwork } from "../../../lab/network/network.ts";
import { statePasswords } from "../../../operations/rotation/state-passwords.ts";
import { upInNewCluster } from "../../engine/kube-system.ts";
import { fillIn } from "../../ui/support/log-in.ts";
import { watched } from "../../ui/support/watched.ts";
import { withWorld } from "../../with-world.ts";
import { anonymousPullAuthenticatedPush, tableAccounts } from "../support/client-table.ts";
import { imageOnNodes } from "../support/cluster/cluster-registry-stack.ts";
import { doctorOf } from "../support/doctor-findings.ts";
import { saysHowItIs } from "../support/hybrid/health.ts";
import { forgetProxy, type HybridImages, hybridImages, loadProxy } from "../support/hybrid/images.ts";
import { podsBecome, pulledDigests, workloadOf } from "../support/pods.ts";
import { registryCommand } from "../support/registry-command.ts";
import { request } from "../support/request.ts";

const name = "hybrid";
const container = "hybrid-registry";
const namespace = "hybrid-shop";

const world = withWorld(async ({ use, defer }) => {
  const storage = await mkdtemp(join(tmpdir(), "hybrid-storage-"));
  defer(() => rm(storage, { recursive: true, force: true }));
  const images = await hybridImages();
  defer(() => forgetProxy(images));
  const removeRegistry = () => removeContainers([container, `${container}-storage`]);
  await removeRegistry();
  defer(removeRegistry);
  // The end of this cluster is also that of the cluster by which a test replaces it: the nodes have the same names.
  const cluster = use(await startAnew(images));
  const client = use(await startMachine({ name: "hybrid-client", kind: "client", networks: [kindNetwork] }));
  const port = await freePort();
  const host = `localhost:${port}`;
  const variant = {
    kind: "hybrid",
    containerName: container,
    port,
    clusterName: name,
    storagePath: storage,
    ingressClassName: "traefik",
    images,
    ui: { kind: "builtin" },
  };
  const stack = use(
    await startStack({
      name,
      config: {
        "kubernetes:kubeconfig": cluster.kubeconfig,
        containerRegistry: { host, account: "jenkins" },
        variant,
        accounts: tableAccounts,
      },
    }),
  );
  defer(() => stack.destroy().catch(() => {}));
  await stack.up();
  const passwords = Object((await stack.outputs()).accounts);
  const archive = await testImage(client);
  await leadToRegistry({ client, host, port });
  const digest = await pushPods(host, String(passwords.jenkins));
  return { images, cluster, client, storage, host, variant, stack, passwords, archive, digest };
});

describe("a second up", () => {
  it("changes nothing", async () => {
    await world().stack.up({ flags: ["--expect-no-changes"] });
  });
});

describe("from a machine whose localhost leads to the registry", () => {
  anonymousPullAuthenticatedPush(world);
});

describe("from this machine's Docker", () => {
  it("an image that was pushed after docker login is pulled without", async () => {
    await docker(["image", "rm", reference()]);
    await docker(["pull", "--quiet", reference()]);
    expect(await docker(["image", "inspect", "--format", '{{join .RepoDigests " "}}', reference()])).toContain(
      world().digest,
    );
    await docker(["image", "rm", reference()]);
  });
});

describe("registry retain", () => {
  it("finds images that no tag leads to in the container's storage", async () => {
    const { storage, stack, digest } = world();
    const repositories = join(storage, "docker/registry/v2/repositories");
    const copy = 'cp -r "$1/shop" "$1/forgotten" && rm -r "$1/forgotten/_manifests/tags"';
    await execa("sh", [
      "-c",
      `${copy} && find "$1/forgotten" -type f -exec touch -d 2020-01-01 {} +`,
      "sh",
      repositories,
    ]);
    await stack.setConfig({ retention: [{ repositories: "**", untaggedAfter: 7 }] });
    const command = ["retain", "--dry-run", "--no-pods", "--json"];
    const { exitCode, stdout, output } = await registryCommand(stack, command).result;
    await stack.setConfig({ retention: undefined });
    await rm(join(repositories, "forgotten"), { recursive: true });
    expect(exitCode, output).toBe(0);
    const deleted = JSON.parse(stdout).repositories.flatMap(
      (each: { repository: string; deleted: { digest: string }[] }) =>
        each.deleted.map((image) => `${each.repository}@${image.digest}`),
    );
    expect(deleted).toEqual([`forgotten@${digest}`]);
  });
});

describe("registry status, logs, restart and doctor", () => {
  saysHowItIs(world, container);
});

describe("registry doctor --deep", () => {
  it("reads the images in the container, and says what mends a damaged one without a backup", async () => {
    const { stack, storage, digest } = world();
    const hex = digest.replace("sha256:", "");
    const blob = `docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
    const damaged = async () => {
      const { findings, images } = await doctorOf(stack, "--deep");
      expect(images?.tags, JSON.stringify(findings)).toBeGreaterThan(0);
      return findings.filter(({ check }) => /^(blob|link)-/.test(check));
    };
    const whole = await readFile(join(storage, blob));
    expect(await damaged()).toEqual([]);
    await writeFile(join(storage, blob), whole.subarray(1));
    const mend = `docker exec ${container}-storage rm /var/lib/registry/${blob} && docker push ${world().host}/`;
    expect(await damaged()).toMatchObject([{ check: "blob-damaged", mend: expect.stringContaining(mend) }]);
    await writeFile(join(storage, blob), whole);
    expect(await damaged()).toEqual([]);
  });
});

describe("the cluster", () => {
  it.each([
    ["the machine's own port", () => world().host],
    ["localhost:5000", () => "localhost:5000"],
    ["the container's name", () => `${container}:5000`],
  ])("pulls on every node, by the kubelet, what is named by %s", async (_what, at) => {
    await runsOnEveryNode(at());
  });

  it("has the API at a Service, for its pods", async () => {
    expect(await fromPod("http://registry.hostk8s.svc:5000/v2/shop/tags/list")).toContain('"tags":["1"]');
  });

  it("has API and page at one origin, the Ingress'", async () => {
    const { host, passwords } = world();
    const ping = await ask("/v2/");
    expect(ping.status).toBe(401);
    expect(ping.headers).toContain('realm="http://localhost:8080/token"');
    const credentials = { name: "jenkins", password: String(passwords.jenkins) };
    expect((await ask("/token", credentials)).body).toContain('"token"');
    expect((await ask("/v2/_catalog")).body).toContain('"shop"');

    const page = await ask("/registry/");
    expect(page.status).toBe(200);
    expect(page.headers).toContain("default-src 'none'");
    expect(page.headers).not.toContain("Access-Control");
    expect(JSON.parse((await ask("/registry/config.json")).body)).toEqual({ host });
    expect((await ask("/registry")).headers).toMatch(/^location: \/registry\/\r?$/im);
    expect((await ask("/registry/app.js")).status).toBe(200);
  });

  it("shows the page in a browser, which has nothing to complain of, an account's login included", async () => {
    const { cluster, passwords } = world();
    await using browser = await startChromium();
    const { page, complaints, requests } = watched(await browser.newPage());
    const origin = `http://${cluster.ingressAddress}`;
    await page.goto(`${origin}/registry/`);
    await page.getByRole("banner").getByRole("button", { name: "Log in" }).click();
    await fillIn(page, "jenkins", String(passwords.jenkins));
    await page.getByRole("button", { name: "Log out" }).waitFor();
    await page.getByRole("link", { name: "shop" }).click();
    await page.getByRole("link", { name: "1", exact: true }).click();
    await page.getByText(`docker pull ${reference()}`).first().waitFor();
    expect(complaints).toEqual([]);
    expect(new Set(requests.map((url) => new URL(url).origin))).toEqual(new Set([origin]));
  });

  it("does not notice that the container was restarted, nor the container that the page was", async () => {
    const pods = await uiPods();
    await docker(["restart", container]);
    await apiAnswers();
    expect(await uiPods()).toEqual(pods);

    const started = await docker(["container", "inspect", "--format", "{{.State.StartedAt}}", container]);
    await world().cluster.kubectl(["delete", "pods", "--namespace", "hostk8s", "--all", "--now"]);
    await pageAnswers();
    expect(await docker(["container", "inspect", "--format", "{{.State.StartedAt}}", container])).toBe(started);
  });

  it("follows the container to another address by itself", async () => {
    const address = await addressIn(kindNetwork, container);
    await docker(["network", "disconnect", kindNetwork, container]);
    const pod = (await podImage("pod")).tag;
    // Docker gives out the lowest free address. Containers are started until one of them, or of another test, has the
    // registry's
    // former address.
    const others: string[] = [];
    while (!(await addressesIn(kindNetwork)).includes(address) && others.length < 12) {
      const other = `hybrid-other-${others.length}`;
      const at = ["--name", other, "--label", label, "--network", kindNetwork];
      await docker(["run", "--detach", ...at, pod, "sleep", "600"]);
      others.push(other);
    }
    await docker(["network", "connect", kindNetwork, container]);
    expect(await addressIn(kindNetwork, container)).not.toBe(address);
    await apiAnswers();
    await removeContainers(others);
  });

  it("is led nowhere while the container is away, whatever a wildcard in a DNS search domain answers", async () => {
    const { cluster } = world();
    const foreign = "203.0.113.9";
    const nodes = [cluster.controlPlane, ...cluster.workers];
    const everywhere = (command: string) => Promise.all(nodes.map((node) => node.run(command)));
    await everywhere(`cp /etc/resolv.conf /root/resolv.conf && echo 'search ${foreign}.nip.io' >>/etc/resolv.conf`);
    await docker(["network", "disconnect", kindNetwork, container]);
    // A name without a trailing dot proves that the wildcard answers on every node.
    for (const addresses of await everywhere(`getent ahostsv4 ${container}`)) expect(addresses).toContain(foreign);
    for (const answer of await everywhere(`getent ahosts ${container}. || echo nowhere`))
      expect(answer).toBe("nowhere");
    await vi.waitUntil(async () => (await sliceAddresses()) === "", { timeout: 90_000, interval: 200 });
    await docker(["network", "connect", kindNetwork, container]);
    await apiAnswers();
    expect(await sliceAddresses()).toBe(await addressIn(kindNetwork, container));
    await everywhere("cat /root/resolv.conf >/etc/resolv.conf");
  });

  it("gets back a container that was removed by one plain up, and the second changes nothing", async () => {
    const { host, stack } = world();
    await docker(["rm", "--force", container]);
    await stack.up();
    await runsOnEveryNode(host);
    await stack.up({ flags: ["--expect-no-changes"] });
  });
});

describe("a cluster deleted and created again", () => {
  it("pulls what was pushed before, once the state has forgotten the old one", async () => {
    const { images, cluster, host, stack } = world();
    const started = await docker(["container", "inspect", "--format", "{{.State.StartedAt}}", container]);
    await cluster.remove();
    world().cluster = await startAnew(images);
    await upInNewCluster(stack);
    expect(await docker(["container", "inspect", "--format", "{{.State.StartedAt}}", container])).toBe(started);
    await runsOnEveryNode(host);
    await pageAnswers();
    await stack.up({ flags: ["--expect-no-changes"] });
  });
});

describe("destroy", () => {
  it("leaves the images, which the next up serves, with joxit's page by Traefik's own means this time", async () => {
    const { cluster, storage, host, variant, stack } = world();
    await stack.destroy();
    expect(await readdir(storage)).toEqual(["docker"]);
    expect(await cluster.controlPlane.run("systemctl list-units --all --no-legend 'container-registry-*'")).toBe("");

    const image = await imageOnNodes(cluster, "joxit", (await joxitImage()).tag);
    const rotations = { jenkins: { generation: 1, date: "2027-01-15", previous: "valid" } };
    await stack.setConfig({ variant: { ...variant, ui: { kind: "joxit", image } }, rotations });
    await stack.up();
    await runsOnEveryNode(host);
    await pageAnswers();
    expect((await ask("/registry/")).body).toContain(`pull-url="${host}"`);
  });

  it("logs in by the new password and by the one before, while a rotation has not ended", async () => {
    const { host, stack } = world();
    const passwords = statePasswords(await stack.exportState({ showSecrets: true }), "jenkins");
    const logIn = async (password: string) => {
      const authorization = `Basic ${btoa(`jenkins:${password}`)}`;
      return (await fetch(`http://${host}/v2/`, { headers: { authorization } })).status;
    };
    expect(await Promise.all([...passwords, "wrong"].map(logIn))).toEqual([200, 200, 401]);
  });
});

async function startAnew(images: HybridImages): Promise<Cluster> {
  const created = await startCluster({ name, workers: 1 });
  await loadProxy(created, images);
  return created;
}

function reference(at = world().host): string {
  return `${at}/shop:1`;
}

/** Forwards the port on the client machine's 127.0.0.1 to the registry, as that port on this machine's 127.0.0.1 does. */
async function leadToRegistry({ client, host, port }: { client: Machine; host: string; port: number }): Promise<void> {
  await client.run(
    'systemd-run --quiet --unit registry --socket-property=ListenStream=127.0.0.1:"$1" /lib/systemd/systemd-socket-proxyd "$2":5000',
    { args: [String(port), container] },
  );
  await allowPlainHttp(client, host);
}

/** Pushes the pods' image with the Docker daemon that runs the registry, as a developer would, and returns the digest. */
async function pushPods(host: string, password: string): Promise<string> {
  const config = await mkdtemp(join(tmpdir(), "hybrid-docker-"));
  const asDeveloper = { env: { DOCKER_CONFIG: config } };
  await execa("docker", ["login", "--username", "jenkins", "--password-stdin", host], {
    ...asDeveloper,
    input: password,
  });
  await docker(["tag", (await podImage("pod")).tag, reference(host)]);
  const { stdout } = await execa("docker", ["push", reference(host)], asDeveloper);
  await rm(config, { recursive: true });
  return stdout.match(/digest: (sha256:[0-9a-f]{64})/)?.[1] ?? "none";
}

/** Runs a pod on each node, even on the control plane, whose image the node's kubelet pulls. */
async function runsOnEveryNode(at: string): Promise<void> {
  const { cluster, digest } = world();
  await cluster.kubectl(["delete", "namespace", namespace, "--ignore-not-found"]);
  await cluster.kubectl(["create", "namespace", namespace]);
  const workload = structuredClone(workloadOf("DaemonSet", "shop", namespace, reference(at)));
  Object.assign(Object(workload).spec.template.spec, { tolerations: [{ operator: "Exists" }] });
  await cluster.kubectl(["apply", "--filename", "-"], JSON.stringify(workload));
  const nodes = 1 + cluster.workers.length;
  const pods = await podsBecome(({ running }) => running, { cluster, name: "shop", namespace, count: nodes });
  expect(await pulledDigests(cluster, pods)).toEqual(pods.map(() => digest));
}

function fromPod(url: string): Promise<string> {
  return world().cluster.kubectl(["exec", "--namespace", namespace, "daemonset/shop", "--", "curl", "--silent", url]);
}

/** The addresses of the registry's EndpointSlice; empty if the Service has no endpoints. */
function sliceAddresses(): Promise<string> {
  const path = "jsonpath={.endpoints[*].addresses[*]}";
  const slice = ["endpointslice", "registry-container", "--namespace", "hostk8s"];
  return world().cluster.kubectl(["get", ...slice, "--output", path]);
}

async function addressesIn(network: string): Promise<string[]> {
  const format = "{{range .Containers}}{{.IPv4Address}} {{end}}";
  const ranges = await docker(["network", "inspect", "--format", format, network]);
  return ranges.split(" ").map((range) => range.split("/")[0] ?? "");
}

/** Sends a request as a browser does at http://localhost:8080, the address of a developer's Ingress. */
function ask(path: string, credentials?: { name: string; password: string }) {
  const { cluster, client } = world();
  return request(client, `http://${cluster.ingressAddress}${path}`, { credentials, headers: ["Host: localhost:8080"] });
}

/** Waits until the registry's API answers through the Ingress, and so through the Service. */
async function apiAnswers(): Promise<void> {
  const { cluster } = world();
  const answers = async () => (await ask("/v2/")).status === 401;
  await vi.waitUntil(answers, { timeout: 90_000, interval: 200 }).catch(async () => {
    const slice = await cluster.kubectl(["get", "endpointslices", "--namespace", "hostk8s"]);
    const said = await cluster.controlPlane.run("journalctl --unit 'container-registry-follow-*' --lines 9 --no-pager");
    const at = await addressIn(kindNetwork, container);
    throw new Error(`no API through the Ingress after 90 s: the container is at ${at}\n${slice}\n${said}`);
  });
}

/** Waits until the ui answers, which it does when the ingress controller forwards requests to its pod. */
async function pageAnswers(): Promise<void> {
  await vi.waitUntil(async () => (await ask("/registry/")).status === 200, { timeout: 60_000, interval: 200 });
}

function uiPods(): Promise<string> {
  const path = "jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[0].restartCount}{end}";
  return world().cluster.kubectl(["get", "pods", "--namespace", "hostk8s", "--output", path]);
}
