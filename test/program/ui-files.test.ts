import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { UiFiles } from "../../components/ui-files.ts";
import { temporaryFolder, withFreshWorld } from "../with-world.ts";
import { isSecret, outputValue, recorded, resource, revealed } from "./recorded.ts";

/** A folder with the built files of a ui. */
const built = withFreshWorld((cleanup) => {
  const folder = join(temporaryFolder(cleanup, "ui-files"), "ui/dist");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.html"), "the page's own text");
  writeFileSync(join(folder, "app.js"), "its program");
  return folder;
});

async function placed(kubeconfig?: string) {
  const { created, resources } = await recorded(() => {
    const cluster = new KubernetesCluster("cluster", { context: "kind-dev", kubeconfig });
    return new UiFiles("page", { cluster, namespace: "dso", directory: built() });
  });
  const { inputs } = resource(resources, "command:local:Command", "page-files");
  return { configMap: await outputValue(created.configMap), inputs };
}

describe("UiFiles", () => {
  it("puts only the ui's hash into a command, not its text", async () => {
    const { inputs, configMap } = await placed();
    const texts = `${inputs.create}${inputs.delete}`;
    expect(texts).not.toContain("the page's own text");
    expect(texts).toContain(configMap);
    expect(configMap).toMatch(/^registry-ui-[0-9a-f]{12}$/);
  });

  it("creates another ConfigMap before it deletes the old one when a file changes", async () => {
    const before = await placed();
    writeFileSync(join(built(), "app.js"), "another program");
    const after = await placed();
    expect(after.configMap).not.toBe(before.configMap);
    expect(after.inputs.triggers).not.toEqual(before.inputs.triggers);
  });

  it("is created again in a cluster that replaced another", async () => {
    expect((await placed()).inputs.triggers).toContain("cluster-kube-system uid");
  });

  it("sends the kubeconfig only by standard input, as a secret", async () => {
    const kubeconfig = `${readFileSync(process.env.KUBECONFIG ?? "", "utf8")}# of the test\n`;
    const { inputs } = await placed(kubeconfig);
    expect(isSecret(inputs.stdin)).toBe(true);
    expect(revealed(inputs.stdin)).toBe(kubeconfig);
    expect(`${inputs.create}${inputs.delete}${JSON.stringify(inputs.environment ?? {})}`).not.toContain("of the test");
  });

  it("names the command that builds a missing ui", () => {
    rmSync(join(built(), "index.html"));
    return expect(placed()).rejects.toThrow(/holds no built files of the ui; build them: npm run build:ui$/);
  });
});
