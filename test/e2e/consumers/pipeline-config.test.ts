import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { withWorld } from "../../with-world.ts";
import { registryCommand } from "../support/registry-command.ts";

const name = "pipelines";
const inNamespace = ["--namespace", name];
const password = `it's "$HOME" \`id\` \\n %s ;& Füße`;

const world = withWorld(async ({ use, defer }) => {
  const [cluster, server, client] = await Promise.all([
    startSharedCluster(),
    startRegistryServer({ name, accounts: { "ci-bot": password } }),
    startMachine({ name: `${name}-client`, kind: "client" }),
  ]);
  const removeNamespace = () => cluster.kubectl(["delete", "namespace", name, "--ignore-not-found"]);
  defer(removeNamespace);
  for (const each of [server, client]) use(each);
  await removeNamespace();
  const keys = {
    containerRegistry: { host: server.host, pathPrefix: "docker-internal/p2c", requiresAuthForPull: true },
    mavenRegistry: { host: server.host, pathPrefix: "maven-releases", sameCredentials: true },
    variant: { kind: "existing", tls: { kind: "provided-ca", file: server.caFile } },
    pipelineConfig: { namespace: name, baseImages: { prefix: "whanos", languages: ["java", "c"] } },
  };
  const stack = use(
    await startStack({
      name,
      config: { "kubernetes:kubeconfig": cluster.kubeconfig, ...keys },
      secrets: { registryUsername: "ci-bot", registryPassword: password },
    }),
  );
  defer(() => stack.destroy().catch(() => {}));
  return { cluster, server, client, keys, stack };
});

const variables = {
  CONTAINER_REGISTRY_HOST: `${name}.lab.test`,
  CONTAINER_REGISTRY_PATH_PREFIX: "docker-internal/p2c",
  CONTAINER_REGISTRY_CREDENTIAL_ID: "container-registry",
  CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PUSH: "true",
  CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PULL: "true",
  MAVEN_REGISTRY_HOST: `${name}.lab.test`,
  MAVEN_REGISTRY_PATH_PREFIX: "maven-releases",
  MAVEN_REGISTRY_CREDENTIAL_ID: "maven-registry",
  MAVEN_REGISTRY_REQUIRES_AUTH_FOR_PUSH: "true",
  MAVEN_REGISTRY_REQUIRES_AUTH_FOR_PULL: "false",
  MAVEN_REGISTRY_URL: `https://${name}.lab.test/maven-releases/`,
  WHANOS_BASE_IMAGE_JAVA: `${name}.lab.test/docker-internal/p2c/whanos-java:latest`,
  WHANOS_BASE_IMAGE_C: `${name}.lab.test/docker-internal/p2c/whanos-c:latest`,
};

async function configMap(): Promise<{ data: Record<string, string>; metadata: { uid: string } }> {
  const configMap = ["configmap", "pipeline-config", ...inNamespace];
  return JSON.parse(await world().cluster.kubectl(["get", ...configMap, "--output", "json"]));
}

const command = (args: string[], input = "") => registryCommand(world().stack, args, input).result;

describe("the pipelines' ConfigMap", () => {
  it("asks for a namespace that is not there, and says how to make it", async () => {
    const { exitCode, output } = await world().stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`namespace for pipelines, to be created first: kubectl create namespace ${name}`);
  });

  it("tells all that pipelines need and no secret, beside what somebody else put there", async () => {
    const { cluster, stack } = world();
    await cluster.kubectl(["create", "namespace", name]);
    const former = ["--from-literal=CONTAINER_REGISTRY_HOST=old.example.org", "--from-literal=DOMAIN=example.org"];
    await cluster.kubectl(["create", "configmap", "pipeline-config", ...former, ...inNamespace]);
    const { uid } = (await configMap()).metadata;

    await stack.up();

    const { data, metadata } = await configMap();
    expect(data).toEqual({ ...variables, DOMAIN: "example.org" });
    expect(metadata.uid).toBe(uid);
  });

  it("is the environment of a pod that loads it, as an agent's does", async () => {
    const { cluster } = world();
    const envFrom = [{ configMapRef: { name: "pipeline-config" } }];
    const container = { name: "jnlp", image: cluster.podImage, imagePullPolicy: "Never", command: ["env"], envFrom };
    const spec = { restartPolicy: "Never", containers: [container] };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "agent", namespace: name }, spec };
    await cluster.kubectl(["wait", "--for=create", "serviceaccount/default", "--timeout=60s", ...inNamespace]);
    await cluster.kubectl(["apply", "--filename", "-"], JSON.stringify(pod));
    const ended = ["--for=jsonpath={.status.phase}=Succeeded", "--timeout=120s"];
    await cluster.kubectl(["wait", "pod/agent", ...ended, ...inNamespace]);

    const environment = (await cluster.kubectl(["logs", "agent", ...inNamespace])).split("\n");
    const wanted = Object.entries({ ...variables, DOMAIN: "example.org" }).map(([key, value]) => `${key}=${value}`);
    expect(environment).toEqual(expect.arrayContaining(wanted));
  });

  it("is let alone by a second up", async () => {
    await world().stack.preview({ expectNoChanges: true });
  });
});

describe("the command line, on the live stack", () => {
  it("exports what the ConfigMap holds, and imports it again", async () => {
    const { keys } = world();
    const exported = await command(["export-env"]);
    expect(exported).toMatchObject({ exitCode: 0 });
    const lines = exported.stdout.split("\n").map((line) => line.split("=", 2));
    expect(Object.fromEntries(lines)).toEqual(variables);
    const { jenkins } = parse((await command(["export-env", "--casc"])).stdout);
    const { env } = jenkins.globalNodeProperties[0].envVars;
    expect(Object.fromEntries(env.map(Object.values))).toEqual(variables);

    const folder = await mkdtemp(join(tmpdir(), "import-env-"));
    try {
      const out = join(folder, "Pulumi.copy.yaml");
      const args = ["import-env", "-", "--out", out, "--namespace", name];
      const imported = await command(args, exported.stdout);
      expect(imported).toMatchObject({ exitCode: 0 });
      const { config } = parse(await readFile(out, "utf8"));
      expect(config["container-registry:pipelineConfig"]).toMatchObject(Object(keys.pipelineConfig));
      expect(config["container-registry:mavenRegistry"]).toMatchObject(Object(keys.mavenRegistry));
      const again = await command(args, exported.stdout);
      expect(again).toMatchObject({
        exitCode: 1,
        output: `error: ${out} is there already, and stays; take another name`,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("prints lines that log docker in, and no password unless asked to", async () => {
    const { server, client } = world();
    const hidden = await command(["credentials", "--for", "docker", "--account", "ci-bot"]);
    expect(hidden).toMatchObject({ exitCode: 0 });
    expect(hidden.stdout).not.toContain("Füße");
    expect(await client.attempt(hidden.stdout)).toMatchObject({ ok: false, output: expect.stringContaining("401") });

    const shown = await command(["credentials", "--for", "docker", "--show-secrets", "--json"]);
    const { text } = JSON.parse(shown.stdout);
    expect(await client.run(text)).toContain("Login Succeeded");
    await client.run(`docker logout ${server.host}`);
  });

  it("prints lines that make a Secret in the cluster", async () => {
    const { cluster, server, stack } = world();
    const args = ["credentials", "--for", "kubectl", "--name", "ci", "--show-secrets", ...inNamespace];
    const { stdout } = await command(args);
    const env = { PATH: stack.env.PATH, KUBECONFIG: cluster.kubeconfig };
    await execa("sh", { input: stdout, env });
    const encoded = await cluster.kubectl(["get", "secret", "ci", "--output", "json", ...inNamespace]);
    const config = Buffer.from(JSON.parse(encoded).data[".dockerconfigjson"], "base64").toString();
    expect(JSON.parse(config).auths[server.host]).toMatchObject({ username: "ci-bot", password });
  });

  it("ends with 2 and its usage where the command line is wrong", async () => {
    expect(await command(["credentials", "--for", "moon"])).toMatchObject({
      exitCode: 2,
      stdout: "",
      output: expect.stringMatching(/^error: --for is one of docker[\s\S]*\nUSAGE registry credentials/),
    });
  });
});

describe("a setting that changes", () => {
  it("changes the ConfigMap in place, and its end leaves the namespace", async () => {
    const { cluster, stack } = world();
    const { uid } = (await configMap()).metadata;
    await stack.setConfig({ mavenRegistry: undefined });
    await stack.up();
    const { data, metadata } = await configMap();
    expect([Object.keys(data).filter((key) => key.startsWith("MAVEN_")), metadata.uid]).toEqual([[], uid]);

    await stack.destroy();
    const left = await cluster.kubectl(["get", "configmap,namespace", "--output", "name", ...inNamespace]);
    expect(left).not.toContain("pipeline-config");
    expect(await cluster.kubectl(["get", "namespace", name, "--output", "name"])).toBe(`namespace/${name}`);
  });
});
