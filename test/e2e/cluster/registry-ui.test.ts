import { readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { joxitImage } from "../../../lab/images/joxit-image.ts";
import { ask } from "../../../lab/proxy/ask.ts";
import { withWorld } from "../../with-world.ts";
import {
  type ClusterRegistryStack,
  clusterRegistryStack,
  imageOnNodes,
} from "../support/cluster/cluster-registry-stack.ts";

const registry = withWorld(async ({ use }) => {
  const registry = use(await clusterRegistryStack({ name: "page-in-cluster", variant: { ui: { kind: "builtin" } } }));
  await registry.stack.up();
  await vi.waitUntil(async () => (await page(registry)).status === 200, followed);
  return registry;
});

/** Requests a path of the registry as a browser does, through the Ingress. */
const opened = ({ cluster, host }: ClusterRegistryStack, path: string) =>
  ask({ url: `https://${cluster.ingressAddress}` }, `GET ${path}`, { headers: { host } });
const page = (of: ClusterRegistryStack) => opened(of, "/ui/");
/** How long to wait for the ingress controller, which is told of an Ingress and of its Service one after the other. */
const followed = { timeout: 60_000, interval: 200 };

const names = async (kind: string) =>
  (await registry().cluster.kubectl(["get", kind, "--namespace", registry().namespace, "--output", "name"]))
    .split("\n")
    .filter((name) => name.includes("/registry-ui"));

describe("ui builtin in a cluster", () => {
  it("serves the ui as it was built, through the Ingress and without credentials", async () => {
    for (const name of ["index.html", "app.js", "app.css"]) {
      const answer = await opened(registry(), `/ui/${name === "index.html" ? "" : name}`);
      expect([name, answer.status, answer.text]).toEqual([name, 200, await readFile(`ui/dist/${name}`, "utf8")]);
    }
    expect(JSON.parse((await opened(registry(), "/ui/config.json")).text)).toEqual({ host: registry().host });
  });

  it("keeps the ui out of the state", async () => {
    const state = JSON.stringify(await registry().stack.exportState({ showSecrets: true }));
    const script = await readFile("ui/dist/app.js", "utf8");
    for (const text of [script.slice(0, 60), script.slice(-60)])
      expect(state).not.toContain(JSON.stringify(text).slice(1, -1));
  });

  it("changes nothing by a second up", async () => {
    await registry().stack.preview({ expectNoChanges: true });
  });
});

describe("ui joxit in a cluster", () => {
  it("runs within the pod standard restricted, and replaces the builtin ui at /ui/", async () => {
    const enforced = "pod-security.kubernetes.io/enforce=restricted";
    await registry().cluster.kubectl(["label", "namespace", registry().namespace, "--overwrite", enforced]);
    const image = await imageOnNodes(registry().cluster, "joxit", (await joxitImage()).tag);
    await registry().stack.setConfig({ variant: { ...registry().variant, ui: { kind: "joxit", image } } });
    await registry().stack.up();

    const text = expect.stringContaining(`pull-url="${registry().host}"`);
    await expect.poll(() => page(registry()), followed).toMatchObject({ status: 200, text });
    expect(await names("configmap")).toEqual([]);
    expect(await names("deployment")).toEqual(["deployment.apps/registry-ui"]);
  });

  it("is removed where the stack sets no ui", async () => {
    await registry().stack.setConfig({ variant: { ...registry().variant, ui: { kind: "none" } } });
    await registry().stack.up();
    await expect.poll(() => page(registry()), followed).toMatchObject({ status: 404 });
    expect([...(await names("deployment")), ...(await names("service"))]).toEqual([]);
  });
});
