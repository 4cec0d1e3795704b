import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, type StackOptions, startStack } from "../../lab/engine/pulumi-stack.ts";
import { startJenkins } from "../../lab/jenkins/start-jenkins.ts";
import { packageSchema } from "../../plugin/schema/package-schema.ts";
import { withWorld } from "../with-world.ts";
import { builtProject } from "./projects.ts";
import { step } from "./step.ts";

const root = join(import.meta.dirname, "../..");
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleWtleWtleWtleWtleWtleWtleWtleWtleWtleWtl";
const ssh = (address: unknown) => ({ kind: "ssh", address, user: "root", agent: true, hostKey });

const registry = (connection: object, tls: object = { kind: "private-ca" }) => ({
  name: "registry",
  type: "RegistryHost",
  inputs: {
    containerRegistry: { host: "registry.example.org", account: "jenkins" },
    variant: { connection, tls },
    accounts: [{ name: "jenkins", push: ["**"] }],
    immutableTags: ["**:v*"],
  },
  outputs: ["endpoint", "url", "imagePrefix", "accountPasswords"],
});
const trust = {
  name: "node-1",
  type: "NodeTrust",
  inputs: {
    node: { name: "node-1", runtime: "containerd", connection: ssh("192.0.2.6") },
    endpoint: { $output: "registry.endpoint" },
  },
  outputs: ["summary"],
};

function startProgram(options: Omit<StackOptions, "name" | "projectDir">): Promise<PulumiStack> {
  return startStack({ name: "test", projectDir: builtProject("plugin"), ...options });
}

describe("a program with the package", () => {
  const world = withWorld(async ({ use }) => ({ stack: use(await startProgram({})) }));

  it("gets the package's schema from the engine", async () => {
    const { env, stateDir: cwd } = world().stack;
    const { stdout } = await execa("pulumi", ["package", "get-schema", join(root, "plugin")], { env, cwd });
    const { version, resources } = JSON.parse(stdout);
    const ours = Object.entries(packageSchema(version).resources);
    expect(Object.keys(resources).sort()).toEqual(ours.map(([token]) => token).sort());
    for (const [token, { inputProperties }] of ours)
      expect(resources[token].inputProperties).toEqual(JSON.parse(JSON.stringify(inputProperties)));
  });

  it("previews a registry and a node that trusts it, and the policy pack judges them", async () => {
    const { stack } = world();
    const pack = ["--policy-pack", join(root, "policy")];
    await stack.setConfig({ components: [registry(ssh("192.0.2.5")), trust], shown: ["registry.url"] });
    const { output } = await stack.preview({ diff: true, flags: pack });
    expect(output).toContain("registry-apply@192.0.2.5");
    expect(output).toContain("node-1-containerd-apply@192.0.2.6");
    expect(output).toContain('registry.url: "https://registry.example.org"');

    await stack.setConfig({ components: [registry(ssh("192.0.2.5"), { kind: "none" })] });
    const violated = await stack.start(["preview", ...pack]).result;
    expect(violated.output).toMatch(/no-plain-http +\(container-registry:host:RegistryHost: registry\)/);
  });

  it("gets one error with every problem of a component's inputs", async () => {
    const { stack } = world();
    const { name, type, inputs, outputs } = registry(ssh("192.0.2.5"), { kind: "acme", email: "nobody" });
    const wrong = { ...inputs, nodes: [], accounts: [{ name: "Team A", push: [{ $secret: "glob" }] }] };
    await stack.setSecret("glob", "team-a/**");
    await stack.setConfig({ components: [{ name, type, inputs: wrong, outputs }], shown: [] });
    const { output } = await stack.start(["preview"]).result;
    expect(output).toContain("RegistryHost registry: 5 problems in its inputs");
    expect(output).toContain("nodes: unknown key; there are containerRegistry, accounts,");
    expect(output).toContain('accounts[0].name = "Team A": up to 63 of a-z');
    expect(output).toContain('containerRegistry.account = "jenkins": no such account; there are Team A');
    expect(output).toContain("accounts[0].push[0]: holds something encrypted");
    expect(output).toContain('variant.tls.email = "nobody": an e-mail address, as in ops@example.org');
  });

  it("checks what a preview knows, and says which settings it does not know", async () => {
    const { stack } = world();
    const address = { $unknown: "192.0.2.7" };
    await stack.setConfig({ components: [registry(ssh(address)), trust], shown: [] });
    const { output } = await stack.preview();
    expect(output).toContain("variant.connection.address are known only during up");
    expect(output).toContain("node-1-containerd-apply@192.0.2.6");

    await stack.setConfig({ components: [registry(ssh(address), { kind: "acme", email: "nobody" })] });
    const { output: wrong } = await stack.start(["preview"]).result;
    expect(wrong).toContain("RegistryHost registry: 1 problem in its inputs");
    expect(wrong).toContain('variant.tls.email = "nobody"');
  });
});

describe("Jenkins credentials and pull secrets", () => {
  const world = withWorld(async ({ use }) => {
    const jenkins = use(await startJenkins());
    const controllers = ["garbage-collector-controller", "namespace-controller", "serviceaccount-controller"];
    const api = use(await startApiServer({ controllers }));
    const endpoint = { host: "registry.example.org", accounts: { ci: { $secret: "password" } } };
    const { url, user, caFile, token } = jenkins;
    const stack = use(
      await startProgram({
        config: {
          components: [
            {
              name: "ci",
              type: "JenkinsCredentials",
              inputs: {
                jenkins: { url, user, caFile },
                containerRegistry: { account: "ci" },
                endpoint,
                jenkinsToken: { $secret: "token" },
              },
              outputs: ["summary"],
            },
            {
              name: "pulls",
              type: "PullSecrets",
              inputs: {
                pullSecrets: [{ namespace: "team-a", name: "registry", account: "ci" }],
                kubernetes: { kubeconfig: { $secret: "kubeconfig" } },
                endpoint,
              },
              outputs: [],
            },
          ],
          shown: ["ci.summary"],
        },
        secrets: { password: "s3cret-Ünïcode", token, kubeconfig: api.kubeconfig },
      }),
    );
    return { jenkins, api, stack };
  });

  it("are created for a registry that the program describes, stay out of the state in clear, and are deleted", {
    timeout: 300_000,
  }, async () => {
    const { jenkins, api, stack } = world();
    await api.kubectl(["create", "namespace", "team-a"]);
    await step("up creates both", async () => {
      await stack.up();
      expect(jenkins.credential("container-registry")).toMatchObject({ username: "ci", password: "s3cret-Ünïcode" });
      const path = "jsonpath={.data.\\.dockerconfigjson}";
      const data = await api.kubectl(["get", "secret", "registry", "-n", "team-a", "-o", path]);
      expect(JSON.parse(Buffer.from(data, "base64").toString()).auths["registry.example.org"]).toMatchObject({
        username: "ci",
        password: "s3cret-Ünïcode",
      });
    });
    await step("a second up changes nothing, and nothing is in plain text", async () => {
      const { output } = await stack.up({ flags: ["--expect-no-changes", "--debug"] });
      for (const text of [output, JSON.stringify(await stack.exportState())]) expect(text).not.toContain("Ünïcode");
    });
    await step("destroy deletes both, without the package's sources", async () => {
      await stack.destroy();
      expect(jenkins.credential("container-registry")).toBeUndefined();
      expect(await api.kubectl(["get", "secrets", "-n", "team-a", "-o", "name"])).toBe("");
    });
  });
});
