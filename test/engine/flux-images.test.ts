import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { installDefinitions, removeDefinitions } from "../../lab/flux/definitions.ts";

const group = "image.toolkit.fluxcd.io";
const flux = {
  images: [{ name: "shop" }],
  policies: [{ name: "shop", image: "shop", policy: { kind: "semver", range: ">=1.0.0" } }],
};

let api: ApiServer;
let stack: PulumiStack;

beforeAll(async () => {
  api = await startApiServer();
  stack = await startStack({
    name: "flux-images",
    config: {
      "kubernetes:kubeconfig": api.kubeconfig,
      containerRegistry: { host: "registry.example.org", pathPrefix: "p2c", requiresAuthForPull: true },
      variant: { kind: "existing", tls: { kind: "public" } },
      flux,
    },
    secrets: { registryUsername: "pull", registryPassword: "a password" },
  });
  await api.kubectl(["create", "namespace", "flux-system"]);
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
});

const created = (kinds: string) => api.kubectl(["get", kinds, "-n", "flux-system", "-o", "name"]);
const spec = async (object: string) =>
  JSON.parse(await api.kubectl(["get", object, "-n", "flux-system", "-o", "jsonpath={.spec}"]));

// One story: each test goes on where the one before it ended.
describe("images that Flux watches", { timeout: 300_000 }, () => {
  it("fail without Flux in the cluster, with its installation guide, and create nothing", async () => {
    await expect(stack.up()).rejects.toThrow(
      "to be installed first: flux install --components-extra=image-reflector-controller",
    );
    expect(await created("secrets")).toBe("");
  });

  it("fail when Flux serves another version, which the error names, and create nothing", async () => {
    await installDefinitions(api.kubectl, "1.2.5");
    await expect(stack.up()).rejects.toThrow(
      `flux.apiVersion = "${group}/v1beta2": the cluster's Flux serves ${group}/v1; set flux.apiVersion to one it serves`,
    );
    expect(await created("secrets,imagerepositories,imagepolicies")).toBe("");
  });

  it("are valid by Flux's own CRDs, in the version that it serves", async () => {
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

  it("are deleted with their credentials when the stack file no longer asks for them", async () => {
    await stack.setConfig({ flux: undefined });
    await stack.up();
    expect(await created("secrets,imagerepositories,imagepolicies")).toBe("");
    await removeDefinitions(api.kubectl);
  });
});
