import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { installDefinitions, removeDefinitions } from "../../../lab/flux/definitions.ts";
import { withWorld } from "../../with-world.ts";
import { doctorFindings } from "../support/doctor-findings.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { type Pod, podsBecome, pulledDigests, pushPodImage, workloadOf } from "../support/pods.ts";

const name = "pull-secrets";
const host = `${name}.lab.test`;
const flux = "flux-system";
const repository = `${host}/p2c/shop`;
const pullSecrets = [{ namespace: name, name: "registry", account: "pods", defaultServiceAccount: true }];

const world = withWorld(async ({ use, defer }) => {
  const [cluster, registry] = await Promise.all([
    startSharedCluster(),
    registryStack({
      name,
      machine: { kind: "client" },
      containerRegistry: { pathPrefix: "p2c", requiresAuthForPull: true },
      accounts: [
        { name: "jenkins", push: ["**"] },
        { name: "pods", pull: ["p2c/**"], expires: "2199-12-31" },
      ],
    }),
  ]);
  const removeNamespaces = () => cluster.kubectl(["delete", "namespace", name, flux, "--ignore-not-found"]);
  use(registry);
  defer(async () => {
    await registry.stack.destroy().catch(() => {});
    await removeNamespaces();
    await removeDefinitions(cluster.kubectl);
  });
  await removeDefinitions(cluster.kubectl);
  await removeNamespaces();
  for (const namespace of [name, flux]) await cluster.kubectl(["create", "namespace", namespace]);
  await registry.stack.setConfig({
    "kubernetes:kubeconfig": cluster.kubeconfig,
    nodes: [{ name: "dev", runtime: "containerd", connection: { kind: "kind-cluster", name: cluster.name } }],
  });
  await registry.stack.up();
  const digest = await pushPodImage(registry, `${repository}:1.0.0`);
  await cluster.kubectl(["wait", "--for=create", "serviceaccount/default", "--namespace", name]);
  const byHand = JSON.stringify({ imagePullSecrets: [{ name: "by-hand" }] });
  await cluster.kubectl(["patch", "serviceaccount", "default", "--namespace", name, "--patch", byHand]);
  return { cluster, registry, digest };
});

describe("a registry that requires an account for every pull", () => {
  it("refuses pods whose nodes trust it, and who have no login", async () => {
    const text = JSON.stringify(workloadOf("Deployment", "shop", name, `${repository}:1.0.0`));
    await world().cluster.kubectl(["apply", "--filename", "-"], text);
    const refused = ({ reason, message = "" }: Pod) => reason === "ImagePullBackOff" && /401|authoriz/i.test(message);
    await podsBecome(refused, shop());
  });

  it("lets the same workload pull by its namespace's default ServiceAccount, what was there kept", async () => {
    const { cluster, registry, digest } = world();
    await installDefinitions(cluster.kubectl);
    await registry.stack.setConfig({
      pullSecrets,
      flux: {
        account: "pods",
        images: [{ name: "shop" }],
        policies: [{ name: "shop", image: "shop", policy: { kind: "semver", range: ">=1.0.0" } }],
      },
    });
    await registry.stack.up({ preview: true });
    expect(await listed()).toBe("by-hand registry");
    await cluster.kubectl(["delete", "pods", "--selector", "app=shop", "--namespace", name, "--now"]);
    const running = await podsBecome((pod) => pod.running, shop());
    expect(await pulledDigests(cluster, running)).toEqual([digest]);
  });

  it("is read by Flux' library with what its ImageRepository names, and with nothing else", async () => {
    const { cluster, registry } = world();
    const { image, secretRef, certSecretRef } = JSON.parse(
      await cluster.kubectl(["get", "imagerepository", "shop", "--namespace", flux, "--output", "jsonpath={.spec}"]),
    );
    expect(image).toBe(repository);
    const login = await secret(secretRef.name, ".dockerconfigjson");
    const ca = await secret(certSecretRef.name, "ca.crt");
    const { machine } = registry;
    const tags = (config: string) =>
      machine.attempt(
        'folder=$(mktemp -d); cat >"$folder/config.json"; printf %s "$2" >"$folder/ca.crt"; DOCKER_CONFIG=$folder SSL_CERT_FILE=$folder/ca.crt SSL_CERT_DIR=/nowhere crane ls "$1"',
        { args: [image, ca], input: config },
      );
    expect(await tags(login)).toMatchObject({ ok: true, stdout: "1.0.0" });
    expect(await tags("{}")).toMatchObject({ ok: false, output: expect.stringContaining("UNAUTHORIZED") });
  });

  it("has nothing to do the second time", async () => {
    await world().registry.stack.up({ flags: ["--expect-no-changes"] });
  });

  it("is missed by doctor where somebody deleted or suspended it, and its commands mend that", async () => {
    const { cluster, registry } = world();
    expect(await doctorFindings(registry.stack)).toEqual([]);
    await cluster.kubectl(["delete", "secret", "registry", "--namespace", name]);
    const suspend = ["--patch", JSON.stringify({ spec: { suspend: true } }), "--type=merge"];
    await cluster.kubectl(["patch", "imagerepository", "shop", "--namespace", flux, ...suspend]);

    const found = await doctorFindings(registry.stack);
    const checks = ["flux-object-suspended", "pull-secret-missing"];
    expect(found.map(({ check }) => check).sort(), JSON.stringify(found)).toEqual(checks);
    const env = { ...registry.stack.env, KUBECONFIG: cluster.kubeconfig };
    for (const mend of found.map(({ mend }) => mend.replace(/^pulumi up /, "pulumi up --yes --skip-preview ")))
      await execa("sh", ["-ec", mend], { cwd: registry.stack.projectDir, env });
    expect(await doctorFindings(registry.stack)).toEqual([]);
  });

  it("takes back what it gave, and leaves what was there", async () => {
    const { cluster, registry } = world();
    await registry.stack.setConfig({ pullSecrets: undefined, flux: undefined });
    await registry.stack.up();
    expect(await listed()).toBe("by-hand");
    for (const namespace of [name, flux])
      expect(await cluster.kubectl(["get", "secrets", "--namespace", namespace, "--output", "name"])).toBe("");
  });
});

const shop = () => ({ cluster: world().cluster, name: "shop", namespace: name, count: 1 });

/** The names of the pull secrets that the namespace's default service account has, and that its pods therefore use. */
function listed(): Promise<string> {
  const path = "jsonpath={.imagePullSecrets[*].name}";
  return world().cluster.kubectl(["get", "serviceaccount", "default", "--namespace", name, "--output", path]);
}

async function secret(of: string, key: string): Promise<string> {
  const path = `jsonpath={.data.${key.replaceAll(".", "\\.")}}`;
  const data = await world().cluster.kubectl(["get", "secret", of, "--namespace", flux, "--output", path]);
  return Buffer.from(data, "base64").toString();
}
