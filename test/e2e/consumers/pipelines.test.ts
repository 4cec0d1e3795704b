import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { startBuildAgent, stepsByGroovy, workplaceOn } from "../../../lab/ci/build-agent.ts";
import { githubJob } from "../../../lab/ci/github-job.ts";
import { type JenkinsSecret, jenkinsJob } from "../../../lab/ci/jenkins-job.ts";
import { jenkinsfile, withoutStage } from "../../../lab/ci/jenkinsfile.ts";
import { runJob, type StepResult } from "../../../lab/ci/run-job.ts";
import type { ShellStep } from "../../../lab/ci/shell-step.ts";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { podImage } from "../../../lab/cluster/images.ts";
import { startMavenRepository } from "../../../lab/services/maven-repository.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { pipelineVariables } from "../../../render/pipeline-config.ts";
import { ContainerRegistry } from "../../../settings/container-registry.ts";
import { MavenRegistry } from "../../../settings/maven-registry.ts";
import { withWorld } from "../../with-world.ts";
import { watchHost } from "../support/process-list.ts";
import { secretsIn } from "../support/secrets-in.ts";

/** A password with characters that shells, XML and JSON treat specially, as the next constant has too. */
const password = `it's "so" $HOME: \`id\` \\n <&>{é€} %s`;
const mavenPassword = `a 'quoted' "$PATH" & <tag>: {né} \\ 語`;

const pathPrefix = "docker-internal/p2c";
const release = { GIT_COMMIT: "9c1f0a7be2d4c6f8a0b1c2d3e4f5061728394a5b", TAG_NAME: "v1.4.0" };

const world = withWorld(async ({ use }) => {
  const [registry, maven, agent] = await Promise.all([
    startRegistryServer({ name: "pipeline-jobs", accounts: { jenkins: password } }),
    startMavenRepository({ name: "pipeline-jobs-maven", username: "deployer", password: mavenPassword }),
    startBuildAgent("pipeline-jobs-agent"),
  ]);
  for (const each of [registry, maven, agent]) use(each);
  await trust(agent, registry.host, registry.ca);
  await trust(agent, maven.host, maven.ca);
  await agent.copyTo((await podImage("pod")).archive, "/var/tmp/base.tar");
  await agent.run(`
    loaded=$(docker load --input /var/tmp/base.tar | sed -n 's/^Loaded image: //p')
    docker tag "$loaded" docker.io/library/busybox:1.37`);
  return { registry, maven, agent };
});

describe("examples/Jenkinsfile", () => {
  const store = {
    "container-registry": { username: "jenkins", password },
    nexus: { username: "deployer", password: mavenPassword },
  };

  const job = withWorld(async () => {
    const watch = watchHost(world().agent);
    const results = await run(await jenkinsSteps(store, release));
    const processes = await watch.stop();
    return { results, processes };
  });

  it("pushes the image of a release by commit and by version, with the credentials that Jenkins binds", async () => {
    const { results } = job();
    const { registry, agent } = world();
    expect(results[0], results[0]?.output).toMatchObject({ name: "Image", ok: true });
    const [byCommit, byVersion] = await Promise.all(
      Object.values(release).map((tag) =>
        clients.crane.pull(agent, `${registry.host}/${pathPrefix}/shop:${tag}`, { name: "jenkins", password }),
      ),
    );
    expect(byCommit).toMatchObject({ ok: true });
    expect(Object(byVersion).digest).toBe(Object(byCommit).digest);
  });

  it("deploys a Maven artifact with those that settings.xml takes from the environment", async () => {
    const { results } = job();
    const { maven } = world();
    expect(results[1], results[1]?.output).toMatchObject({ name: "Maven artifact", ok: true });
    expect(await maven.artifact("org/example/shop/1.0.0/shop-1.0.0.pom")).toBe(pom.trim());
    expect(await maven.artifact("org/example/shop/maven-metadata.xml")).toContain("<release>1.0.0</release>");
  });

  it("leaves no login behind, and no secret in its log or in the process list", async () => {
    const { results, processes } = job();
    const { registry, agent } = world();
    const secrets = { password, mavenPassword };
    const log = results.map(({ output }) => output).join("\n");
    expect(log).toContain("Removing login credentials for pipeline-jobs.lab.test");
    expect(processes).toContain("--password-stdin");
    for (const text of [log, processes]) expect(secretsIn(text, secrets)).toEqual([]);
    const filesNamingIt = 'find /home/operator /tmp -user operator -type f -exec grep -lF "$1" {} + || :';
    expect(await agent.run(filesNamingIt, { args: [registry.host] })).toBe("");
  });

  it.each([
    ["docker login", "Image", { "container-registry": { username: "jenkins", password: "wrong" } }, "401 Unauthorized"],
    ["mvn deploy", "Maven artifact", { nexus: { username: "deployer", password: "wrong" } }, "401 Unauthorized"],
  ])("fails at %s with a wrong password, and pushes nothing", async (_what, stage, wrong, said) => {
    const steps = await jenkinsSteps({ ...store, ...wrong }, { GIT_COMMIT: "42" });
    const [result] = await run(steps.filter(({ name }) => name === stage));
    expect(result).toMatchObject({ ok: false, output: expect.stringContaining(said) });
    expect(result?.output).not.toMatch(/BUILD SUCCESS|The push refers to repository/);
  });
});

describe("jenkinsfile", () => {
  const own = String.raw`pipeline { agent any; stages { stage("A\"b") { steps {
    withCredentials([string(credentialsId: "x-\${Y}", variable: 'V')]) { sh '''a\\b \
      'c' \'\'\' // no comment''' } /* sh '''one''' */ } } } }`;

  it.each(["Jenkinsfile", "ci/Jenkinsfile", "one of hard words"])("reads %s as Groovy does", async (path) => {
    const text = path.endsWith("file") ? await example(path) : own;
    const { steps } = jenkinsfile(text);
    expect(steps).not.toEqual([]);
    expect(await stepsByGroovy(world().agent, text)).toEqual(steps);
  });
});

describe("examples/github-actions.yml", () => {
  it("trusts the CA, logs in, builds, pushes and logs out with the repository's variables and secrets", async () => {
    const { registry, agent } = world();
    await agent.run('rm -r /etc/docker/certs.d/"$1"', { args: [registry.host] });
    const sha = "5f3c1e0b9a7d4c2e8f6a1b3d5c7e9f0a2b4c6d8e";
    const steps = githubJob(await example("github-actions.yml"), "image", {
      vars: {
        CONTAINER_REGISTRY_HOST: registry.host,
        CONTAINER_REGISTRY_PATH_PREFIX: pathPrefix,
        CONTAINER_REGISTRY_CA: registry.ca,
      },
      secrets: { CONTAINER_REGISTRY_USERNAME: "jenkins", CONTAINER_REGISTRY_PASSWORD: password },
    });
    const git = { GITHUB_SHA: sha, GITHUB_REF_TYPE: "tag", GITHUB_REF_NAME: "v1.5.0" };
    const results = await run(steps.map((step) => ({ ...step, env: { ...step.env, ...git } })));
    const log = results.map(({ output }) => output).join("\n");
    expect(
      results.map(({ name, ok }) => [name, ok]),
      log,
    ).toEqual([
      ["Trust its CA", true],
      ["Log in", true],
      ["Build", true],
      ["Push", true],
      ["Log out", true],
    ]);
    expect(secretsIn(log, { password })).toEqual([]);
    for (const tag of [sha, "v1.5.0"]) {
      const image = `${registry.host}/${pathPrefix}/shop:${tag}`;
      expect(await clients.crane.pull(agent, image, { name: "jenkins", password })).toMatchObject({ ok: true });
    }
  });
});

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>shop</artifactId>
  <version>1.0.0</version>
  <packaging>pom</packaging>
</project>
`;

function example(path: string): Promise<string> {
  return readFile(new URL(`../../../examples/${path}`, import.meta.url), "utf8");
}

/**
 * The steps of examples/Jenkinsfile with the variables that an agent's pod gets from the ConfigMap, and Jenkins' own. The change
 * request is left out: test/unit/pipelines/change-request.test.ts has it.
 */
async function jenkinsSteps(store: Record<string, JenkinsSecret>, git: Record<string, string>): Promise<ShellStep[]> {
  const { registry, maven } = world();
  const variables = pipelineVariables({
    containerRegistry: ContainerRegistry.parse({ host: registry.host, pathPrefix }),
    mavenRegistry: MavenRegistry.parse({ host: maven.host, url: maven.url, credentialId: "nexus" }),
  });
  return jenkinsJob(
    withoutStage("Change request", jenkinsfile(await example("Jenkinsfile"))),
    { ...variables, ...git },
    store,
  );
}

async function run(steps: ShellStep[]): Promise<StepResult[]> {
  const files = {
    Dockerfile: await example("Dockerfile"),
    "maven/settings.xml": await example("maven/settings.xml"),
    "pom.xml": pom,
  };
  return runJob(steps, await workplaceOn(world().agent, files));
}
