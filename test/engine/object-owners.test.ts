import { expect, it } from "vitest";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { installDefinitions } from "../../lab/flux/definitions.ts";
import { withWorld } from "../with-world.ts";
import { failedUp, otherOwnerError, ownerOf } from "./owners.ts";
import { step } from "./step.ts";

/** Two teams' clones of the repository, each with a stack `prod` in a backend of its own, and one cluster. */
const world = withWorld(async ({ use }) => {
  const api = use(await startApiServer());
  for (const namespace of ["team-a", "jenkins", "flux-system"]) await api.kubectl(["create", "namespace", namespace]);
  await installDefinitions(api.kubectl, "1.2.5");
  return { api, ours: use(await clone(api, consumers)), theirs: use(await clone(api, {})) };
});

const consumers = {
  pullSecrets: [{ namespace: "team-a", name: "registry" }],
  pipelineConfig: { namespace: "team-a" },
  jenkins: { url: "https://jenkins.example.org", user: "admin", via: "kubernetes", namespace: "jenkins" },
  flux: { apiVersion: "image.toolkit.fluxcd.io/v1", images: [{ name: "shop" }] },
};

it("two stacks of one name with one cluster's objects › are told apart, and delete only their own", {
  timeout: 900_000,
}, async () => {
  const { ours, theirs } = world();

  await step("change nothing in the second up", async () => {
    await ours.up();
    await ours.preview({ expectNoChanges: true });
  });

  for (const [key, what, another] of [
    ["pullSecrets", "Secret registry in namespace team-a", "another name in pullSecrets"],
    ["pipelineConfig", "ConfigMap pipeline-config in namespace team-a", "another pipelineConfig.name or namespace"],
    ["jenkins", "Secret container-registry in namespace jenkins", "another id"],
    ["flux", "ImageRepository shop in namespace flux-system", "another name, or another flux.namespace"],
  ] as const)
    await step(`are told apart at ${key}: the second is refused, and leaves all as it was`, async () => {
      const before = await everything();
      await theirs.setConfig({ [key]: consumers[key] });
      expect(await failedUp(theirs)).toContain(
        `${what} ${otherOwnerError("container-registry/prod", await ownerOf(ours), another)}`,
      );
      await theirs.destroy();
      expect(await everything()).toEqual(before);
      await theirs.setConfig({ [key]: undefined });
    });

  await step("leave only namespaces after destroy", async () => {
    await ours.destroy();
    expect(await everything()).toEqual([]);
  });
});

function clone(api: ApiServer, config: Record<string, unknown>): Promise<PulumiStack> {
  return startStack({
    name: "prod",
    config: {
      "kubernetes:kubeconfig": api.kubeconfig,
      containerRegistry: { host: "registry.example.org" },
      variant: { kind: "existing", tls: { kind: "public" } },
      ...config,
    },
    secrets: { registryUsername: "robot-of-prod", registryPassword: "correct horse battery" },
  });
}

/** What stacks have made in the namespaces, each with what it is known by. */
async function everything(): Promise<string[]> {
  const path = "{range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.uid} {.data}{'\\n'}{end}";
  const kinds = "secrets,configmaps,imagerepositories";
  const listed = await world().api.kubectl(["get", kinds, "--all-namespaces", "-o", `jsonpath=${path}`]);
  return listed.split("\n").filter((line) => / (team-a|jenkins|flux-system)\//.test(line));
}
