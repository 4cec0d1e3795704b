import { expect, it } from "vitest";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { installDefinitions, removeDefinitions } from "../../lab/flux/definitions.ts";
import { withWorld } from "../with-world.ts";
import { step } from "./step.ts";

const group = "image.toolkit.fluxcd.io";
const flux = {
  images: [{ name: "shop" }],
  policies: [{ name: "shop", image: "shop", policy: { kind: "semver", range: ">=1.0.0" } }],
};

const world = withWorld(async ({ use }) => {
  const api = use(await startApiServer());
  const stack = use(
    await startStack({
      name: "flux-images",
      config: {
        "kubernetes:kubeconfig": api.kubeconfig,
        containerRegistry: { host: "registry.example.org", pathPrefix: "p2c", requiresAuthForPull: true },
        variant: { kind: "existing", tls: { kind: "public" } },
        flux,
      },
      secrets: { registryUsername: "pull", registryPassword: "a password" },
    }),
  );
  await api.kubectl(["create", "namespace", "flux-system"]);
  return { api, stack };
});

const created = (kinds: string) => world().api.kubectl(["get", kinds, "-n", "flux-system", "-o", "name"]);
const spec = async (object: string) =>
  JSON.parse(await world().api.kubectl(["get", object, "-n", "flux-system", "-o", "jsonpath={.spec}"]));

it("images that Flux watches › are created in the version that Flux serves, and deleted with their credentials", {
  timeout: 600_000,
}, async () => {
  const { api, stack } = world();

  await step("fail without Flux in the cluster, with its installation guide, and create nothing", async () => {
    await expect(stack.up()).rejects.toThrow(
      "to be installed first: flux install --components-extra=image-reflector-controller",
    );
    expect(await created("secrets")).toBe("");
  });

  await step("fail when Flux serves another version, which the error names, and create nothing", async () => {
    await installDefinitions(api.kubectl, "1.2.5");
    await expect(stack.up()).rejects.toThrow(
      `flux.apiVersion = "${group}/v1beta2": the cluster's Flux serves ${group}/v1; set flux.apiVersion to one it serves`,
    );
    expect(await created("secrets,imagerepositories,imagepolicies")).toBe("");
  });

  await step("are valid by Flux's own CRDs, in the version that it serves", async () => {
    await stack.setConfig({ flux: { ...flux, apiVersion: `${group}/v1` } });
    await stack.up();
    expect(await spec("imagerepository/shop")).toMatchObject({
      image: "registry.example.org/p2c/shop",
      interval: "5m",
      secretRef: { name: "registry.example.org-login" },
      provider: "generic",
    });
    expect(await spec("imagepolicy/shop")).toMatchObject({
      imageRepositoryRef: { name: "shop" },
      policy: { semver: { range: ">=1.0.0" } },
    });
    await stack.preview({ expectNoChanges: true });
  });

  await step("are deleted with their credentials when the stack file no longer asks for them", async () => {
    await stack.setConfig({ flux: undefined });
    await stack.up();
    expect(await created("secrets,imagerepositories,imagepolicies")).toBe("");
    await removeDefinitions(api.kubectl);
  });
});
