import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../with-world.ts";
import { builtProject } from "./projects.ts";
import { step } from "./step.ts";

const world = withWorld(async ({ use }) => {
  const controllers = ["garbage-collector", "namespace", "deployment", "replicaset"];
  const api = use(await startApiServer({ controllers: controllers.map((name) => `${name}-controller`) }));
  const config = { "kubernetes:kubeconfig": api.kubeconfig };
  const stack = use(await startStack({ name: "test", projectDir: builtProject("variants"), config }));
  await api.kubectl(["apply", "--filename", "-"], JSON.stringify(certificates));
  await api.kubectl(["wait", "--for=condition=Established", "crd/certificates.example.org"]);
  return { api, stack };
});

const live = (object: string, path: string) =>
  world().api.kubectl(["get", object, "--namespace=variants", "--ignore-not-found", `--output=jsonpath={${path}}`]);

it("what a registry in a cluster is made of › is waited for, updated in place, and retained where it should be", {
  timeout: 600_000,
}, async () => {
  const { api, stack } = world();

  await step("is waited for: addresses, a Job's end, a condition that a custom resource names", async () => {
    const up = stack.startUp();
    for (const object of Object.keys(statuses())) await created(object);
    // What is left waits for what only a controller says.
    await sleep(1000);
    expect(await Promise.race([up.result, "still waiting"])).toBe("still waiting");
    for (const name of ["service", "ingress", "job", "certificate"])
      expect(up.output()).not.toMatch(new RegExp(` ${name} created`));

    await api.kubectl(["create", "secret", "generic", "issued", "--namespace=variants", "--from-literal=ca.crt=a CA"]);
    await api.kubectl(["create", "--filename", "-"], JSON.stringify(endpoints));
    for (const [object, status] of Object.entries(statuses())) await setStatus(object, status);
    const { output, exitCode } = await up.result;
    expect(exitCode, output).toBe(0);
    const { front, known, ...outputs } = await stack.outputs();
    expect([outputs.address, front, known]).toEqual(["192.0.2.7", "192.0.2.7", "10.96.0.1"]);
    expect(outputs.issuedCa).toBe(Buffer.from("a CA").toString("base64"));
  });

  await step("has nothing to do the second time", async () => {
    await stack.preview({ expectNoChanges: true });
  });

  await step("is updated in place, but for a Secret, which is replaced", async () => {
    const before = await stack.outputs();
    await stack.setConfig({ password: "second", strategy: "RollingUpdate", address: "192.0.2.2", available: 2 });
    const { output } = await stack.up();
    expect(output).toMatch(/~ 3 updated\n\s*\+-1 replaced/);
    const after = await stack.outputs();
    expect(after.deploymentUid).toBe(before.deploymentUid);
    expect(after.secretUid).not.toBe(before.secretUid);
    expect(await live("endpointslice/external-1", ".endpoints[0].addresses[0]")).toBe("192.0.2.2");
  });

  await step("keeps a Secret where the provider may change it", async () => {
    await stack.setConfig({ mutableSecrets: true });
    await stack.up();
    const { secretUid } = await stack.outputs();
    await stack.setConfig({ password: "third" });
    await stack.up();
    expect((await stack.outputs()).secretUid).toBe(secretUid);
    expect(await live("secret/secret", ".data.password")).toBe(Buffer.from("third").toString("base64"));
  });

  await step("does not go on without a definition that it reads", async () => {
    await stack.setConfig({ missing: true });
    await expect(stack.preview()).rejects.toThrow("resource 'missing.example.org' does not exist");
    await stack.setConfig({ missing: false });
  });

  await step("leaves what is to be retained, a claim bound meanwhile, and takes it over with the next up", async () => {
    const { claimUid } = await stack.outputs();
    await setStatus("persistentvolumeclaim/claim", { phase: "Bound" });
    await stack.destroy();
    expect(await live("persistentvolumeclaim/claim", ".metadata.uid")).toBe(claimUid);
    expect(await live("deployment/registry", ".metadata.uid")).toBe("");
    const up = stack.startUp();
    for (const [object, status] of Object.entries(statuses()))
      await created(object).then(() => setStatus(object, status));
    expect((await up.result).exitCode).toBe(0);
    expect((await stack.outputs()).claimUid).toBe(claimUid);
    await stack.preview({ expectNoChanges: true });
  });
});

function created(object: string): Promise<string> {
  return vi.waitUntil(() => live(object, ".metadata.uid"), { timeout: 60_000, interval: 100 });
}

/** What controllers say of what they look after. */
function statuses(): Record<string, object> {
  const address = { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } };
  return {
    "service/service": address,
    "ingress/ingress": address,
    "job/job": jobEnded(),
    "certificate/certificate": { conditions: [{ type: "Ready", status: "True" }] },
  };
}

function setStatus(object: string, status: object): Promise<string> {
  const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
  return world().api.kubectl(["patch", object, "--namespace=variants", ...patch]);
}

function jobEnded(): object {
  const now = new Date().toISOString();
  const conditions = ["SuccessCriteriaMet", "Complete"].map((type) => ({
    type,
    status: "True",
    lastProbeTime: now,
    lastTransitionTime: now,
  }));
  return { startTime: now, completionTime: now, succeeded: 1, conditions };
}

/** As their controller makes them; an Ingress is waited for ten seconds more where its Service has none. */
const endpoints = { apiVersion: "v1", kind: "Endpoints", metadata: { name: "external", namespace: "variants" } };

const certificates = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "certificates.example.org" },
  spec: {
    group: "example.org",
    names: { kind: "Certificate", plural: "certificates", singular: "certificate" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
