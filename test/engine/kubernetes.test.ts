import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it, vi } from "vitest";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { kubernetes } from "../../lab/cluster/kubernetes.ts";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { withWorld } from "../with-world.ts";
import { builtProject } from "./projects.ts";
import { step } from "./step.ts";

const world = withWorld(async ({ use }) => {
  const controllers = ["garbage-collector", "namespace", "deployment", "replicaset"];
  const api = use(await startApiServer({ controllers: controllers.map((name) => `${name}-controller`) }));
  const projectDir = builtProject("kubernetes");
  const config = { "kubernetes:kubeconfig": api.kubeconfig };
  return { api, stack: use(await startStack({ name: "test", projectDir, config })) };
});

/** One field of an object in namespace tiny. */
function live(object: string, path: string): Promise<string> {
  return world().api.kubectl(["get", object, "-n", "tiny", "-o", `jsonpath={${path}}`]);
}

/** Every file of the state, as one text. */
async function stateText(): Promise<string> {
  const entries = await readdir(join(world().stack.stateDir, "state"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}

const secretTexts = ["not to be seen", Buffer.from("not to be seen").toString("base64")];

it("a stack of Kubernetes objects › is created, updated, repaired, replaced and destroyed", {
  timeout: 900_000,
}, async () => {
  const { api, stack } = world();

  await step("is made by a literal pulumi up, a definition before its resource", async () => {
    const { output } = await stack.up({ preview: true, flags: ["--diff"] });
    expect(output).toMatch(/\+ 9 created/);
    expect(await live("widget/widget", ".spec.size")).toBe("2");
    const { autoName, systemUid } = await stack.outputs();
    expect(autoName).toMatch(/^auto-[0-9a-f]{8}$/);
    expect(await live(`configmap/${autoName}`, ".data.greeting")).toBe("hello");
    expect(systemUid).toBe(await live("namespace/kube-system", ".metadata.uid"));
    for (const text of secretTexts) expect(`${output}${await stateText()}`.includes(text)).toBe(false);
  });

  await step("may run kubectl, which is the lab's own", async () => {
    const options = { env: stack.env, extendEnv: false };
    const { stdout } = await execa("sh", ["-c", "command -v kubectl"], options);
    expect(stdout).toBe(await goBinary(kubernetes("kubectl")));
  });

  await step("has nothing to do the second time", async () => {
    await stack.preview({ expectNoChanges: true });
  });

  await step("shows what changed, replaces what can't change, and updates the rest in place", async () => {
    const { autoName, serviceUid } = await stack.outputs();
    const fixedUid = await live("configmap/fixed", ".metadata.uid");
    await stack.setConfig({ greeting: "goodbye", affinity: "ClientIP" });
    const { output } = await stack.up({ preview: true, flags: ["--diff"] });
    expect(output).toContain('~ greeting: "hello" => "goodbye"');
    expect(output).toContain('~ sessionAffinity: "None" => "ClientIP"');
    expect(output).toMatch(/~ 1 updated\n\s*\+-2 replaced/);

    const after = await stack.outputs();
    expect(after.serviceUid).toBe(serviceUid);
    expect(await live("service/service", ".spec.sessionAffinity")).toBe("ClientIP");
    expect(await live("configmap/fixed", ".data.greeting")).toBe("goodbye");
    expect(await live("configmap/fixed", ".metadata.uid")).not.toBe(fixedUid);
    expect(after.autoName).not.toBe(autoName);
    await expect(live(`configmap/${autoName}`, ".kind")).rejects.toThrow("NotFound");
  });

  await step("owns the fields it applied, and no other", async () => {
    const managers = await live("service/service", ".metadata.managedFields[*].manager");
    expect(managers).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  });

  await step("notices by a refresh what others changed and deleted", async () => {
    await api.kubectl(["patch", "service/service", "-n", "tiny", "-p", '{"spec":{"sessionAffinity":"None"}}']);
    await api.kubectl(["delete", "configmap/fixed", "-n", "tiny"]);
    const { output } = await stack.refresh();
    // The Service, and the namespace that is only read: from now on the state holds what it is found by.
    expect(output).toMatch(/~ 2 updated\n\s*- 1 deleted/);
  });

  await step(
    "takes back what kubectl changed, makes what is gone anew, and refuses what is somebody else's, by its name",
    async () => {
      await api.kubectl(["create", "configmap", "taken", "-n", "tiny"]);
      await stack.setConfig({ taken: true });
      await expect(stack.up({ flags: ["--continue-on-error"] })).rejects.toThrow('configmaps "taken" already exists');
      expect(await live("configmap/fixed", ".data.greeting")).toBe("goodbye");
      expect(await live("service/service", ".spec.sessionAffinity")).toBe("ClientIP");
    },
  );

  await step("refuses a field that another manager has, and takes it over where told", async () => {
    const patch = ["-n", "tiny", "--field-manager=somebody", "-p", '{"spec":{"sessionAffinity":"None"}}'];
    await api.kubectl(["patch", "service/service", ...patch]);
    await stack.setConfig({ taken: false });
    await stack.refresh();
    await expect(stack.up()).rejects.toThrow(/conflict with "somebody"[^:]*: \.spec\.sessionAffinity/);
    expect(await live("service/service", ".spec.sessionAffinity")).toBe("None");
    await stack.setConfig({ force: true });
    await stack.up();
    expect(await live("service/service", ".spec.sessionAffinity")).toBe("ClientIP");
  });

  await step("says that its pods are not there, no word of an image, and goes on with what is there", async () => {
    await stack.setConfig({ image: "registry.example.org/app:does-not-exist", readinessSeconds: "12" });
    const running = stack.startUp();
    const pod = await vi.waitUntil(() => api.kubectl(["get", "pod", "-n", "tiny", "-o", "name"]), { timeout: 60_000 });
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "app:does-not-exist"' };
    const unready = { type: "Ready", status: "False", message: "containers with unready status: [app]" };
    const container = { name: "app", ready: false, restartCount: 0, image: "", imageID: "", state: { waiting } };
    await setStatus(pod, { conditions: [unready], containerStatuses: [container] });
    const { exitCode, output } = await running.result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain("'app' timed out waiting to be Ready");
    expect(output).toContain("[MinimumReplicasUnavailable] Deployment does not have minimum availability.");
    expect(output).toContain("Minimum number of live Pods was not attained");
    expect(output).not.toContain("ImagePullBackOff");

    await stack.setConfig({ readinessSeconds: "60" });
    const again = stack.startUp();
    await setStatus(pod, {
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [{ ...container, ready: true, state: { running: {} } }],
    });
    const { output: said } = await again.result;
    expect(said).toMatch(/~ 1 updated/);
    expect(said).not.toMatch(/created|replaced/);
    await stack.preview({ expectNoChanges: true });
  });

  await step("is made anew once its cluster is another one, be it at the same address", async () => {
    const uid = await live("configmap/fixed", ".metadata.uid");
    await stack.setConfig({ identifier: "another", image: undefined });
    const { output } = await stack.up();
    expect(output).toMatch(/\+-8 replaced/);
    expect(await live("configmap/fixed", ".data.greeting")).toBe("goodbye");
    expect(await live("configmap/fixed", ".metadata.uid")).not.toBe(uid);
  });

  await step("ends with all its objects, and with no other", async () => {
    const { output } = await stack.destroy();
    expect(output).toMatch(/- 9 deleted/);
    const left = await api.kubectl(["get", "namespaces,customresourcedefinitions", "-o", "name"]);
    expect(left.split("\n").sort()).toEqual(
      ["default", "kube-node-lease", "kube-public", "kube-system"].map((name) => `namespace/${name}`),
    );
  });
});

function setStatus(pod: string, status: object): Promise<string> {
  const patch = JSON.stringify({ status });
  return world().api.kubectl(["patch", pod, "-n", "tiny", "--subresource=status", "--type=merge", "-p", patch]);
}
