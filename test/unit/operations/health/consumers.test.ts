import { describe, expect, it } from "vitest";
import { type Check, found, rootCauses } from "../../../../operations/health/check.ts";
import { type CheckedCluster, cluster } from "../../../../operations/health/checks/consumer/cluster.ts";
import { jenkins } from "../../../../operations/health/checks/consumer/jenkins.ts";
import { clusterFacts } from "../../../../operations/health/consumers/cluster-facts.ts";
import { type Kubectl, KubectlError } from "../../../../operations/kubectl.ts";
import { Flux } from "../../../../settings/consumers/flux.ts";
import { mends } from "./healthy.ts";

const password = 'p"1';
const dockerConfig = (text: string) =>
  Buffer.from(JSON.stringify({ auths: { "r.example.org": { username: "pods", password: text } } })).toString("base64");

const secret = { data: { ".dockerconfigjson": dockerConfig(password) } };
const serviceAccount = { imagePullSecrets: [{ name: "by-hand" }, { name: "registry" }] };
const repository = { spec: {}, status: { conditions: [{ type: "Ready", status: "True" }] } };

/** What a cluster has, by KIND NAMESPACE/NAME. */
const healthy: Record<string, unknown> = {
  "secret apps/registry": secret,
  "serviceaccount apps/default": serviceAccount,
  "configmap ci/pipeline-config": {},
  "imagerepository.image.toolkit.fluxcd.io flux-system/shop": repository,
};

async function idsOf(changes: Record<string, unknown>): Promise<string[]> {
  const objects = { ...healthy, ...changes };
  const kubectl: Kubectl = {
    context: "dev",
    run: async ([, , kind = "", name, , namespace]) => {
      const object = objects[`${kind} ${namespace}/${name}`];
      if (object instanceof Error) throw object;
      return object === undefined ? "" : JSON.stringify(object);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const settings = {
    pullSecrets: [{ namespace: "apps", name: "registry", account: "pods", defaultServiceAccount: true }],
    pipelineConfig: { namespace: "ci", name: "pipeline-config" },
    flux: Flux.parse({ images: [{ name: "shop" }] }),
  };
  const facts = await clusterFacts(kubectl, settings, { accounts: { pods: password } });
  const checked: CheckedCluster = { ...facts, where: "cluster dev", context: "dev", mends };
  return ids(cluster, checked);
}

function ids<Facts>(checks: readonly Check<Facts>[], facts: Facts): string[] {
  return rootCauses(found(checks, facts)).map(({ check }) => check);
}

describe("the stack's cluster", () => {
  it("has no findings where all is as the stack wants it", async () => {
    expect(await idsOf({})).toEqual([]);
  });

  const flux = "imagerepository.image.toolkit.fluxcd.io flux-system/shop";

  it.each([
    ["pull-secret-missing", { "secret apps/registry": undefined }],
    ["pull-secret-outdated", { "secret apps/registry": { data: { ".dockerconfigjson": dockerConfig("old") } } }],
    ["pull-secret-not-used", { "serviceaccount apps/default": { imagePullSecrets: [{ name: "by-hand" }] } }],
    ["pull-secret-not-used", { "serviceaccount apps/default": {} }],
    ["pipeline-config-missing", { "configmap ci/pipeline-config": undefined }],
    ["flux-object-missing", { [flux]: undefined }],
    ["flux-object-missing", { [flux]: new KubectlError("error: the server doesn't have a resource type") }],
    ["flux-object-suspended", { [flux]: { spec: { suspend: true } } }],
    [
      "flux-object-fails",
      { [flux]: { spec: {}, status: { conditions: [{ type: "Ready", status: "False", message: "unauthorized" }] } } },
    ],
  ])("%s", async (id, changes) => {
    expect(await idsOf(changes)).toEqual([id]);
  });

  it("is an error where kubectl cannot ask it", async () => {
    const refused = new KubectlError("Unable to connect to the server");
    await expect(idsOf({ "secret apps/registry": refused })).rejects.toThrow("kubectl: Unable to connect");
  });
});

describe("Jenkins", () => {
  const entry = { id: "container-registry", kind: "secret-text", description: "", secret: "" } as const;

  it("has no findings where every entry is right", () => {
    const steps = [{ action: "keep", entry, why: "" }] as const;
    expect(ids(jenkins, { where: "Jenkins", steps, mends })).toEqual([]);
  });

  it("has one for each entry that differs, with the command that puts it right", () => {
    const steps = [{ action: "create", entry, why: "not there" }] as const;
    const [finding] = rootCauses(found(jenkins, { where: "Jenkins", steps, mends }));
    expect(finding).toMatchObject({
      check: "jenkins-credential-differs",
      problem: "credential container-registry: is not in Jenkins (not there)",
      mend: "npm run -s registry -- sync jenkins --stack dev",
    });
  });
});
