import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startBuildAgent, workplaceOn } from "../../../lab/ci/build-agent.ts";
import { jenkinsJob } from "../../../lab/ci/jenkins-job.ts";
import { jenkinsfile, withoutStage } from "../../../lab/ci/jenkinsfile.ts";
import { runJob, type StepResult } from "../../../lab/ci/run-job.ts";
import { trust } from "../../../lab/clients/clients.ts";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import { podImage } from "../../../lab/cluster/images.ts";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { installDefinitions, removeDefinitions } from "../../../lab/flux/definitions.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { type LabJenkins, startJenkins } from "../../../lab/jenkins/start-jenkins.ts";
import { type MavenRepository, startMavenRepository } from "../../../lab/services/maven-repository.ts";
import { withWorld } from "../../with-world.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { podsBecome, workloadOf } from "../support/pods.ts";
import { watchHere, watchHost } from "../support/process-list.ts";
import { keyLine, type Secrets, secretsIn } from "../support/secrets-in.ts";

const name = "sweep";
const foreign = `${name}-foreign`;
const commit = "9c1f0a7be2d4c6f8a0b1c2d3e4f5061728394a5b";
const given = { jenkins: `it's "so" $HOME: <&>{é} \\n %s`, kubelet: `a 'b' "c" \`d\`: $(e) ü & <f>` };
const mavenPassword = `it's "$PATH" & <m>: {né} \\ 語`;

/** What the test starts, and what the credentials travel between. */
type Parts = {
  cluster: Cluster;
  jenkins: LabJenkins;
  maven: MavenRepository;
  registry: RegistryStack;
  agent: Machine;
};

const world = withWorld(async ({ use, defer }) => {
  const cluster = await startSharedCluster();
  const [jenkins, maven, registry, agent] = await Promise.all([
    startJenkins(),
    startMavenRepository({ name: `${name}-maven`, username: "deployer", password: mavenPassword }),
    registryStack({
      name,
      containerRegistry: { pathPrefix: "p2c", requiresAuthForPull: true },
      accounts: [
        { name: "jenkins", push: ["p2c/**"] },
        { name: "kubelet", pull: ["**"] },
        { name: "dana", pull: ["**"] },
      ],
      secrets: { passwords: JSON.stringify(given), mavenUsername: "deployer", mavenPassword },
    }),
    startBuildAgent(`${name}-agent`),
  ]);
  for (const each of [jenkins, maven, agent, registry]) use(each);
  const parts = { cluster, jenkins, maven, registry, agent };
  defer(async () => {
    await registry.stack.destroy().catch(() => {});
    await cleanCluster(cluster);
    const images = "ctr --namespace k8s.io images";
    const ours = `${images} list --quiet | grep '^${name}.lab.test/' | xargs -r ${images} remove >/dev/null`;
    for (const worker of cluster.workers) await worker.run(ours);
  });
  await cleanCluster(cluster);
  for (const namespace of [name, foreign]) await cluster.kubectl(["create", "namespace", namespace]);
  await installDefinitions(cluster.kubectl);
  await registry.stack.setConfig(everyConsumer(parts));
  await registry.stack.setSecret("jenkinsToken", jenkins.token);

  const [here, host] = [await watchHere(), watchHost(registry.machine)];
  const debug = (await registry.stack.up({ preview: true, flags: ["--diff", "--debug", "-v=3", "--logtostderr"] }))
    .output;
  const onAgent = watchHost(agent);
  const job = await runPipeline(parts);
  const processes = { here: await here.stop(), host: await host.stop(), agent: await onAgent.stop() };
  const secrets = await allSecrets(parts);
  return { ...parts, debug, job, processes, secrets };
});

describe("a job with credentials as Jenkins binds them", () => {
  it("pushes an image and deploys a Maven artifact", () => {
    const { job } = world();
    expect(
      job.map(({ name, ok }) => [name, ok]),
      logOf(job),
    ).toEqual([
      ["Image", true],
      ["Maven artifact", true],
    ]);
  });

  it("has its image pulled by the cluster with the pull secret, and by nobody without", async () => {
    const { cluster, registry } = world();
    const image = `${registry.host}/p2c/shop:${commit}`;
    for (const namespace of [name, foreign]) {
      const workload = workloadOf("Deployment", "shop", namespace, image);
      await cluster.kubectl(["apply", "--filename", "-"], JSON.stringify(workload));
    }
    const shop = { cluster, name: "shop", count: 1 };
    await podsBecome(({ running }) => running, { ...shop, namespace: name });
    const refused = ({ reason = "" }) => ["ErrImagePull", "ImagePullBackOff"].includes(reason);
    const [pod] = await podsBecome(refused, { ...shop, namespace: foreign });
    expect(pod?.running).toBe(false);
  });
});

describe("Jenkins and the cluster", () => {
  it("have the credentials, and nothing to do the second time", async () => {
    const { cluster, jenkins, registry } = world();
    expect(jenkins.credential("container-registry")).toMatchObject({ username: "jenkins", password: given.jenkins });
    expect(jenkins.credential("maven-registry")).toMatchObject({ username: "deployer", password: mavenPassword });
    const { data } = JSON.parse(await cluster.kubectl(["get", "secret", "registry", ...inNamespace]));
    const { auths } = JSON.parse(Buffer.from(data[".dockerconfigjson"], "base64").toString());
    expect(auths[registry.host]).toMatchObject({ username: "kubelet", password: given.kubelet });
    await registry.stack.up({ flags: ["--expect-no-changes"] });
  });
});

describe("no secret of any account", () => {
  it("is missed by this test, whatever quotes it: Jenkins is sent them, and the host keeps them", async () => {
    const { jenkins, registry, secrets } = world();
    const sent = jenkins.requests.map(({ body }) => body).join("\n");
    expect(secretsIn(sent, inEveryForm(secrets))).toEqual(["password of jenkins as xml", "mavenPassword as xml"]);
    const files = await registry.machine.run("cat /etc/container-registry/caddy/accounts.caddy");
    const hashesAndTokens = Object.keys(secrets).filter((each) => /^(hash|token) /.test(each));
    expect(secretsIn(files, secrets)).toEqual(hashesAndTokens);
  });

  it.each<[location: string, holds: string, look: () => string | Promise<string>]>([
    [
      "the state, its backups and the stack file",
      `${name}.lab.test`,
      () => filesBelow(world().registry.stack.stateDir),
    ],
    ["what up says with --diff, --debug and -v=3", "jenkins-apply", () => world().debug],
    ["the process list here", "jenkins/run.ts", () => world().processes.here],
    ["the registry host's", "compose_project=container-registry", () => world().processes.host],
    ["the build agent's", "--password-stdin", () => world().processes.agent],
    ["the job's log", "BUILD SUCCESS", () => logOf(world().job)],
    [
      "what the cluster shows",
      "CONTAINER_REGISTRY_HOST",
      () => world().cluster.kubectl(["get", readable, "--all-namespaces", "--output", "json"]),
    ],
    ["the working tree", "container-registry:", () => filesBelow(join(import.meta.dirname, "../../.."))],
    ["Jenkins' request log, bodies with credentials left out", "createCredentials", requestLog],
  ])("is in %s", async (_place, holds, look) => {
    const text = await look();
    expect(text.includes(holds), `whether ${holds} is there`).toBe(true);
    expect(secretsIn(text, inEveryForm(world().secrets))).toEqual([]);
  });
});

const inNamespace = ["--namespace", name, "--output", "json"];
const readable = "configmaps,events,pods,serviceaccounts,deployments,imagerepositories";

function everyConsumer({ cluster, jenkins, maven }: Parts): Record<string, unknown> {
  return {
    "kubernetes:kubeconfig": cluster.kubeconfig,
    mavenRegistry: { host: maven.host, url: maven.url },
    jenkins: { url: jenkins.url, user: jenkins.user, caFile: jenkins.caFile },
    pipelineConfig: { namespace: name },
    pullSecrets: [{ namespace: name, name: "registry", account: "kubelet", defaultServiceAccount: true }],
    flux: { namespace: name, account: "kubelet", images: [{ name: "shop" }] },
    nodes: cluster.workers.map(({ name, connection }) => ({ name, runtime: "containerd", connection })),
  };
}

/** Runs examples/Jenkinsfile on an agent, with the variables of the ConfigMap and the credentials in Jenkins' store. */
async function runPipeline({ cluster, jenkins, maven, registry, agent }: Parts): Promise<StepResult[]> {
  const [{ registryCa }, { tag, archive }] = await Promise.all([registry.stack.outputs(), podImage("pod")]);
  await trust(agent, registry.host, String(registryCa));
  await trust(agent, maven.host, maven.ca);
  await agent.copyTo(archive, "/var/tmp/base.tar");
  await agent.run('docker load --input /var/tmp/base.tar && docker tag "$1" docker.io/library/busybox:1.37', {
    args: [tag],
  });

  const [text, dockerfile, settings] = await Promise.all(
    ["Jenkinsfile", "Dockerfile", "maven/settings.xml"].map((path) =>
      readFile(new URL(`../../../examples/${path}`, import.meta.url), "utf8"),
    ),
  );
  const { data } = JSON.parse(await cluster.kubectl(["get", "configmap", "pipeline-config", ...inNamespace]));
  const store = Object.fromEntries(jenkins.credentials().map((entry) => [entry.id, entry]));
  const files = { Dockerfile: dockerfile ?? "", "maven/settings.xml": settings ?? "", "pom.xml": pom };
  const pipeline = withoutStage("Change request", jenkinsfile(text ?? ""));
  const steps = jenkinsJob(pipeline, { ...data, GIT_COMMIT: commit }, store);
  return runJob(steps, await workplaceOn(agent, files));
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>org.example</groupId><artifactId>shop</artifactId><version>1.0.0</version><packaging>pom</packaging></project>`;

async function allSecrets({ jenkins, registry }: Parts): Promise<Secrets> {
  const { stack, machine } = registry;
  const { accounts } = await stack.outputs();
  const onHost = await machine.run("cat /etc/container-registry/caddy/accounts.caddy");
  const numbered = (kind: string, pattern: RegExp) =>
    Array.from(new Set([...onHost.matchAll(pattern)].map(([, value = ""]) => value)), (value, index) => [
      `${kind} ${index + 1}`,
      value,
    ]);
  // The pattern skips the hash that starts with dots: it is no secret, but part of the program, and belongs to no password.
  const found = [
    ...numbered("hash", /(\$2[aby]\$\d\d\$(?!\.{22})[^\s"]+)/g),
    ...numbered("token", /"Bearer ([^"]+)"/g),
  ];
  expect(found.length).toBeGreaterThanOrEqual(2 * Object.keys(Object(accounts)).length);
  return {
    ...Object.fromEntries(
      Object.entries(Object(accounts)).map(([who, value]) => [`password of ${who}`, String(value)]),
    ),
    ...Object.fromEntries(found),
    mavenPassword,
    jenkinsToken: jenkins.token,
    passphrase: await readFile(stack.env.PULUMI_CONFIG_PASSPHRASE_FILE ?? "", "utf8"),
    "key of SSH": keyLine(machine.keys.privateKey),
  };
}

/** The secrets in every form in which a text may contain them: JSON, JSON within JSON, XML, part of a URL, a shell word. */
function inEveryForm(plain: Secrets): Secrets {
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  const xml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const word = (text: string) => text.replaceAll("'", `'\\''`);
  const forms = { json, jsonTwice: (text: string) => json(json(text)), xml, url: encodeURIComponent, word };
  return Object.fromEntries(
    Object.entries(plain).flatMap(([each, value]) => [
      [each, value],
      ...Object.entries(forms)
        .filter(([, form]) => form(value) !== value)
        .map(([form, apply]) => [`${each} as ${form}`, apply(value)]),
    ]),
  );
}

function logOf(job: StepResult[]): string {
  return job.map(({ output }) => output).join("\n");
}

function requestLog(): string {
  const { requests } = world().jenkins;
  const lines = requests.map(({ method, path, status, body }) =>
    [method, path, status, method === "POST" && /(createCredentials|config\.xml)$/.test(path) ? "" : body].join(" "),
  );
  return lines.join("\n");
}

async function filesBelow(folder: string): Promise<string> {
  const skipped = /(^|\/)(node_modules|\.git|dist)(\/|$)|passphrase$/;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.filter((file) => !skipped.test(file.slice(folder.length))).map((file) => readFile(file, "utf8"));
  return (await Promise.all(texts)).join("\n");
}

async function cleanCluster({ kubectl }: Cluster): Promise<void> {
  await kubectl(["delete", "namespace", name, foreign, "--ignore-not-found"]);
  await removeDefinitions(kubectl);
}
