import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { createFluxImages } from "../../components/consumers/flux-images.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { addressed } from "../../components/registry-endpoint.ts";
import { changed, hostStack, parsed } from "../unit/settings/stacks.ts";
import { testOwner } from "./owner.ts";
import { isSecret, type Recorded, recorded, resource, revealed } from "./recorded.ts";

const flux = {
  account: "jenkins",
  images: [{ name: "shop" }, { name: "web", image: "front/web", interval: "1m" }],
  policies: [
    { name: "shop", image: "shop", policy: { kind: "semver", range: ">=1.0.0" } },
    {
      name: "web-main",
      image: "web",
      policy: { kind: "numerical", order: "desc" },
      filterTags: { pattern: "^main-(?P<ts>\\d+)", extract: "$ts" },
    },
  ],
};

async function created({
  ca = "PEM\n",
  scheme = "https" as "http" | "https",
  ...changes
}: Record<string, unknown> = {}) {
  const { settings } = parsed(changed(hostStack, { flux, "variant.tls": { kind: "private-ca" }, ...changes }));
  const accounts: Record<string, string> = { jenkins: "p w" };
  const { resources } = await recorded(() =>
    createFluxImages(settings, {
      cluster: new KubernetesCluster("cluster", { context: "kind-dev" }),
      endpoint: {
        ...addressed("registry.example.org:5000", scheme as "https"),
        ca: pulumi.output(String(ca)),
        accounts: pulumi.secret(accounts),
        served: [],
      },
      owner: testOwner,
    }),
  );
  return resources;
}

const closed = { "containerRegistry.requiresAuthForPull": true };
const api = "image.toolkit.fluxcd.io/v1beta2";
const repository = (resources: Recorded[], of: string) =>
  resource(resources, `kubernetes:${api}:ImageRepository`, `flux-imagerepository-${of}`).inputs;
const secrets = (resources: Recorded[]) => resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");

describe("FluxImages", () => {
  it("makes Flux look for tags of each image, below the path prefix", async () => {
    const resources = await created();
    expect(repository(resources, "shop")).toMatchObject({
      apiVersion: api,
      metadata: { name: "shop", namespace: "flux-system" },
      spec: { image: "registry.example.org:5000/p2c/shop", interval: "5m" },
    });
    expect(repository(resources, "web").spec).toMatchObject({
      image: "registry.example.org:5000/p2c/front/web",
      interval: "1m",
    });
  });

  it("tells Flux which tag is the newest", async () => {
    const resources = await created();
    const spec = (of: string) =>
      resource(resources, `kubernetes:${api}:ImagePolicy`, `flux-imagepolicy-${of}`).inputs.spec;
    expect(spec("shop")).toEqual({
      imageRepositoryRef: { name: "shop" },
      policy: { semver: { range: ">=1.0.0" } },
    });
    expect(spec("web-main")).toEqual({
      imageRepositoryRef: { name: "web" },
      policy: { numerical: { order: "desc" } },
      filterTags: { pattern: "^main-(?P<ts>\\d+)", extract: "$ts" },
    });
  });

  it("gives Flux credentials as a secret where reads need them", async () => {
    const resources = await created(closed);
    const { inputs } = resource(resources, "kubernetes:core/v1:Secret", "flux-login");
    expect(isSecret(inputs.stringData)).toBe(true);
    const { auths } = JSON.parse(Object(revealed(inputs.stringData))[".dockerconfigjson"]);
    expect(auths).toMatchObject({ "registry.example.org:5000": { username: "jenkins", password: "p w" } });
    expect(inputs.metadata).toMatchObject({ name: "registry.example.org-5000-login", namespace: "flux-system" });
    expect(repository(resources, "shop").spec).toMatchObject({
      secretRef: { name: "registry.example.org-5000-login" },
    });
  });

  it("holds no credentials where anonymous pull is allowed", async () => {
    const resources = await created();
    expect(secrets(resources).map(({ name }) => name)).toEqual(["flux-ca"]);
    expect(repository(resources, "shop").spec).not.toHaveProperty("secretRef");
  });

  it("gives Flux the registry's private CA", async () => {
    const resources = await created();
    const { inputs } = resource(resources, "kubernetes:core/v1:Secret", "flux-ca");
    expect(revealed(inputs.stringData)).toEqual({ "ca.crt": "PEM\n" });
    expect(repository(resources, "shop").spec).toMatchObject({
      certSecretRef: { name: "registry.example.org-5000-ca" },
    });
  });

  it.each([
    ["a public CA", { ca: "", "variant.tls": { kind: "acme", email: "ops@example.org" } }, {}],
    ["no TLS", { ca: "", scheme: "http", "variant.tls": { kind: "none" } }, { insecure: true }],
  ])("needs no CA with %s", async (_what, changes, more) => {
    const resources = await created(changes);
    expect(secrets(resources)).toEqual([]);
    const { image, interval, ...rest } = Object(repository(resources, "shop").spec);
    expect([image, interval, rest]).toEqual(["registry.example.org:5000/p2c/shop", "5m", more]);
  });

  it("creates nothing before the cluster is known to have Flux", async () => {
    const resources = await created(closed);
    const definition = resources.find(({ id }) => id === "imagerepositories.image.toolkit.fluxcd.io");
    expect(definition?.name).toContain("flux install --components-extra=image-reflector-controller");
    const inNamespace = resources.filter(({ inputs }) => Object(inputs.metadata).namespace === "flux-system");
    const markers = inNamespace.filter(({ name }) => name.endsWith("-owner-seen"));
    const objects = inNamespace.filter(({ name }) => !/-owner-(seen|id)$/.test(name));
    expect([markers.length, objects.length]).toEqual([6, 6]);
    for (const { dependencies } of markers)
      expect(dependencies).toContainEqual(expect.stringContaining(String(definition?.name)));
    for (const { dependencies } of objects) expect(dependencies).toContainEqual(expect.stringMatching(/-owner-id$/));
  });
});
