import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { createPullSecrets, PullSecret } from "../../components/consumers/pull-secret.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { addressed, type RegistryEndpoint } from "../../components/registry-endpoint.ts";
import { changed, clusterStack, hybridStack, parsed } from "../unit/settings/stacks.ts";
import { testOwner } from "./owner.ts";
import { isSecret, recorded, resource, revealed } from "./recorded.ts";

const password = 'not "easy" \\ to: quote, Ünïcode $x';

function endpoint(aliases: string[] = []): RegistryEndpoint {
  const accounts: Record<string, string> = { jenkins: "another", dana: password };
  return {
    ...addressed("registry.example.org:5000", "https"),
    aliases,
    ca: pulumi.output(""),
    accounts: pulumi.secret(accounts),
    served: [],
  };
}

async function created({ account = "dana" as string | undefined, onDefault = false, aliases = [] as string[] } = {}) {
  const { resources } = await recorded(
    () =>
      new PullSecret("pull", {
        pullSecret: { namespace: "team-a", name: "registry", account, defaultServiceAccount: onDefault },
        cluster: new KubernetesCluster("cluster", { context: "kind-dev" }),
        endpoint: endpoint(aliases),
        owner: testOwner,
        takeOverFrom: [],
      }),
  );
  return { resources, secret: resource(resources, "kubernetes:core/v1:Secret", "pull-secret").inputs };
}

const commands = ["pull-service-account-awaited", "pull-service-account"];

describe("PullSecret", () => {
  it("holds the account's credentials for every host of the registry's images", async () => {
    const { secret } = await created({ aliases: ["hostk8s-registry:5000"] });
    expect(secret).toMatchObject({
      metadata: { name: "registry", namespace: "team-a" },
      type: "kubernetes.io/dockerconfigjson",
    });
    const auth = Buffer.from(`dana:${password}`).toString("base64");
    const login = { username: "dana", password, auth };
    expect(JSON.parse(String(Object(revealed(secret.stringData))[".dockerconfigjson"]))).toEqual({
      auths: { "registry.example.org:5000": login, "hostk8s-registry:5000": login },
    });
  });

  it("is a secret to the engine", async () => {
    const { resources, secret } = await created({ onDefault: true });
    expect(isSecret(secret.stringData)).toBe(true);
    const others = resources.filter(({ name }) => name !== "pull-secret");
    expect(JSON.stringify(others)).not.toContain("Ünïcode");
  });

  it("reads its namespace first, and says how to create it", async () => {
    const { resources } = await created();
    const name = "namespace for pull secret team-a/registry, to be created first: kubectl create namespace team-a";
    expect(resource(resources, "kubernetes:core/v1:Namespace", name).id).toBe("team-a");
  });

  it("changes no ServiceAccount by default", async () => {
    const { resources } = await created();
    expect(resources.filter(({ type }) => type === "command:local:Command")).toEqual([]);
  });

  it("adds its name, and no secret, to the default ServiceAccount", async () => {
    const { resources } = await created({ onDefault: true });
    for (const name of commands) {
      const { inputs } = resource(resources, "command:local:Command", name);
      expect(inputs.create).toContain("namespace=team-a\n");
      expect(isSecret(inputs.stdin)).toBe(true);
      expect(inputs.triggers).toEqual(["cluster-kube-system uid"]);
    }
  });
});

describe("pull secrets", () => {
  it.each([
    ["dso", clusterStack],
    ["hostk8s", hybridStack],
  ])("look for no namespace that comes with the registry, as %s does", async (own, stack) => {
    const { settings } = parsed(
      changed(stack, {
        pullSecrets: [own, "team-a"].map((namespace) => ({ namespace, name: "registry", account: "jenkins" })),
      }),
    );
    const { resources } = await recorded(() =>
      createPullSecrets(settings, {
        cluster: new KubernetesCluster("cluster", { context: "kind-dev" }),
        endpoint: endpoint(),
        owner: testOwner,
      }),
    );
    expect(resources.filter(({ type }) => type === "kubernetes:core/v1:Secret").map(({ name }) => name)).toEqual([
      `pull-secret-${own}/registry-secret`,
      "pull-secret-team-a/registry-secret",
    ]);
    expect(resources.flatMap(({ type, id }) => (type === "kubernetes:core/v1:Namespace" ? [id] : []))).toEqual([
      "kube-system",
      "team-a",
    ]);
  });
});
