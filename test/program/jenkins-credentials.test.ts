import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { prepareJenkins } from "../../components/consumers/jenkins.ts";
import { LazyCluster } from "../../components/lazy-cluster.ts";
import { addressed } from "../../components/registry-endpoint.ts";
import { type PlanSecrets, planIn, planVariable } from "../../jenkins/plan.ts";
import type { ClearSecrets } from "../../settings/secrets/secrets.ts";
import { wrapSecrets } from "../../settings/secrets/wrap.ts";
import { changed, hostStack, parsed } from "../unit/settings/stacks.ts";
import { testOwner } from "./owner.ts";
import { isSecret, recorded, resource, revealed } from "./recorded.ts";

const jenkins = {
  url: "https://jenkins.example.org",
  user: "admin",
  credentials: [
    { id: "container-registry", kind: "username-password", of: "container" },
    { id: "maven-registry", kind: "username-password", of: "maven", domain: "java" },
    { id: "registry-host", kind: "secret-text", of: "host", description: "Where" },
  ],
};
const maven = { mavenRegistry: { host: "nexus.example.org" }, mavenUsername: "deployer", mavenPassword: "maven's own" };
const passwords = { jenkins: "the registry's own" };

/** Runs what makes the stack's Jenkins its credentials. */
async function created(changes: Record<string, unknown> = {}, login: ClearSecrets = { jenkinsToken: "the token" }) {
  const { settings, secrets } = parsed(
    changed(hostStack, { jenkins: structuredClone(jenkins), ...maven, ...login, ...changes }),
  );
  if (!settings.jenkins) throw new Error("a stack without jenkins");
  const asked = settings.jenkins;
  if (asked.via === "kubernetes") pulumi.runtime.setAllConfig({ "kubernetes:context": "kind-dev" });
  const { created: outputs, resources } = await recorded(async () => {
    const served = new random.RandomBytes("served", { length: 1 });
    const create = await prepareJenkins(asked, settings, new LazyCluster(settings.variant));
    return create({
      secrets: wrapSecrets(secrets),
      owner: testOwner,
      endpoint: {
        ...addressed(settings.containerRegistry.host, "https"),
        ca: pulumi.output(""),
        accounts: pulumi.secret<Record<string, string>>(passwords),
        served: [served],
      },
    });
  });
  return { resources, casc: (await outputs).jenkinsCasc };
}

async function command(...args: Parameters<typeof created>) {
  const { resources } = await created(...args);
  const { inputs, dependencies } = resource(resources, "command:local:Command", "jenkins-apply");
  const environment = inputs.environment as Record<string, string>;
  return {
    inputs,
    dependencies,
    plan: planIn(environment[planVariable] ?? ""),
    secrets: JSON.parse(String(revealed(inputs.stdin))) as PlanSecrets,
  };
}

const allSecrets = ["the token", "the password", "the registry's own", "maven's own", "deployer"];

describe("JenkinsCredentials", () => {
  it("shows the plan in the preview, with no secret in the plan, the commands or the environment", async () => {
    const { inputs, plan } = await command();
    const { stdin, ...visible } = inputs;
    expect(plan).toMatchObject({
      url: jenkins.url,
      user: "admin",
      login: "token",
      stack: "container-registry/test",
      adopt: false,
      credentials: [
        { id: "container-registry", of: "container" },
        { id: "maven-registry", of: "maven", domain: "java" },
        { id: "registry-host", kind: "secret-text", of: "host", description: "Where" },
      ],
    });
    expect(Object.values(visible).some(isSecret)).toBe(false);
    for (const secret of allSecrets) expect(JSON.stringify(visible)).not.toContain(secret);
    expect(isSecret(stdin)).toBe(true);
  });

  it("sends only the secrets that the plan needs, by standard input", async () => {
    const { secrets } = await command();
    expect(secrets).toEqual({
      login: "the token",
      owner: testOwner,
      container: { username: "jenkins", password: "the registry's own" },
      maven: { username: "deployer", password: "maven's own" },
      host: "registry.example.org",
    });
    const { secrets: fewer } = await command({ "jenkins.credentials": jenkins.credentials.slice(2) });
    expect(fewer).toEqual({ login: "the token", owner: testOwner, host: "registry.example.org" });
  });

  it("says whether a token or a password logs in", async () => {
    const { plan, secrets } = await command({}, { jenkinsPassword: "the password" });
    expect([plan.login, secrets.login]).toEqual(["password", "the password"]);
  });

  it("carries the CA's text, since destroy may run on another machine", async () => {
    const { plan } = await command({ "jenkins.caFile": "test/unit/jenkins/ca.pem" });
    expect(plan.ca).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  });

  it("runs after the registry knows the passwords, and deletes its entries from a former Jenkins", async () => {
    const { inputs, dependencies } = await command();
    expect(inputs.triggers).toEqual([jenkins.url]);
    expect(dependencies).toEqual([expect.stringContaining("RandomBytes::served")]);
  });

  it("gives Maven the registry's credentials with sameCredentials", async () => {
    const { plan, secrets } = await command({
      mavenRegistry: { host: "registry.example.org", sameCredentials: true },
      mavenUsername: undefined,
      mavenPassword: undefined,
    });
    expect(plan.credentials.map(({ id, of }) => [id, of])).toContainEqual(["maven-registry", "container"]);
    expect(secrets).not.toHaveProperty("maven");
  });
});

describe("via: kubernetes", () => {
  const via = {
    "jenkins.via": "kubernetes",
    "jenkins.namespace": "jenkins",
    "jenkins.credentials": [
      jenkins.credentials[0],
      { ...jenkins.credentials[1], domain: undefined },
      jenkins.credentials[2],
    ],
  };

  it("creates a labelled Secret for each entry, named by its id, in an existing namespace", async () => {
    const { resources } = await created(via, {});
    const secret = (id: string) => resource(resources, "kubernetes:core/v1:Secret", `jenkins-${id}`).inputs;
    expect(secret("container-registry")).toMatchObject({
      metadata: {
        name: "container-registry",
        namespace: "jenkins",
        labels: { "jenkins.io/credentials-type": "usernamePassword" },
        annotations: { "jenkins.io/credentials-description": "Container registry" },
      },
    });
    const contents = ["container-registry", "maven-registry", "registry-host"].map((id) => secret(id).stringData);
    expect(contents.every(isSecret)).toBe(true);
    expect(contents.map(revealed)).toEqual([
      { username: "jenkins", password: "the registry's own" },
      { username: "deployer", password: "maven's own" },
      { text: "registry.example.org" },
    ]);
    expect(secret("registry-host")).toMatchObject({
      metadata: { labels: { "jenkins.io/credentials-type": "secretText" } },
    });
    expect(resources.filter(({ type }) => type.startsWith("command:"))).toEqual([]);
  });
});

describe("via: casc", () => {
  it("creates nothing, and outputs a fragment that holds only references", async () => {
    const { resources, casc } = await created({ "jenkins.via": "casc" }, {});
    expect(resources.map(({ type }) => type)).toEqual(["random:index/randomBytes:RandomBytes"]);
    for (const secret of allSecrets) expect(casc).not.toContain(secret);
    expect(casc).toMatch(/password: \$\{CONTAINER_REGISTRY_PASSWORD\}$/m);
  });
});
