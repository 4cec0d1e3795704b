import { expect, it } from "vitest";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../with-world.ts";
import { step } from "./step.ts";

const jenkins = { url: "https://jenkins.example.org", user: "admin", via: "kubernetes", namespace: "jenkins" };
const password = `p"w' $HOME <&>: ünï`;

const world = withWorld(async ({ use }) => {
  const cluster = use(await startApiServer());
  const stack = use(
    await startStack({
      name: "jenkins-secrets",
      config: {
        "kubernetes:kubeconfig": cluster.kubeconfigFile,
        containerRegistry: { host: "registry.example.org" },
        variant: { kind: "existing", tls: { kind: "public" } },
        jenkins,
      },
      secrets: { registryUsername: "ci-bot", registryPassword: password },
    }),
  );
  return { cluster, stack };
});

async function secrets() {
  const labelled = ["get", "secrets", "--namespace", "jenkins", "--selector", "jenkins.io/credentials-type"];
  const { items } = JSON.parse(await world().cluster.kubectl([...labelled, "--output", "json"])) as { items: Secret[] };
  return items.map(({ metadata: { name, labels, annotations }, data }) => ({
    name,
    type: labels["jenkins.io/credentials-type"],
    description: annotations["jenkins.io/credentials-description"],
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    ),
  }));
}

type Secret = {
  metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> };
  data: Record<string, string>;
};

const login = {
  name: "container-registry",
  type: "usernamePassword",
  description: "Container registry",
  data: { username: "ci-bot", password },
};

it("jenkins.via: kubernetes › writes Secrets into the namespace of Jenkins, changes them in place and deletes them", {
  timeout: 480_000,
}, async () => {
  const { cluster, stack } = world();

  await step("requires the namespace, which belongs to Jenkins", async () => {
    await expect(stack.up()).rejects.toThrow("to be created first: kubectl create namespace jenkins");
    await cluster.kubectl(["create", "namespace", "jenkins"]);
  });

  await step("writes each entry into a labelled Secret, and no plain text into the state", async () => {
    const { output } = await stack.up();
    expect(await secrets()).toEqual([login]);
    for (const text of [output, JSON.stringify(await stack.exportState())])
      for (const form of [password, JSON.stringify(password).slice(1, -1), Buffer.from(password).toString("base64")])
        expect(text).not.toContain(form);
    await stack.preview({ expectNoChanges: true });
  });

  await step("changes Secrets in place, and deletes those that the stack file no longer asks for", async () => {
    await stack.setSecret("registryPassword", "another one");
    const host = { id: "registry-host", kind: "secret-text", of: "host", description: "Where" };
    await stack.setConfig({ jenkins: { ...jenkins, credentials: [host] } });
    expect((await stack.up()).stdout).not.toContain("replaced");
    expect(await secrets()).toEqual([
      { name: "registry-host", type: "secretText", description: "Where", data: { text: "registry.example.org" } },
    ]);
    await stack.setConfig({ jenkins });
    await stack.up();
    expect(await secrets()).toEqual([{ ...login, data: { username: "ci-bot", password: "another one" } }]);
  });

  await step("leaves the namespace on destroy", async () => {
    await stack.destroy();
    expect(await secrets()).toEqual([]);
    expect(await cluster.kubectl(["get", "namespace", "jenkins", "--output", "name"])).toBe("namespace/jenkins");
  });
});
