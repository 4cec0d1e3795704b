import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { UiFiles } from "../../components/ui-files.ts";
import { isSecret, outputValue, recorded, resource, revealed } from "./recorded.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ui-files-"));
  mkdirSync(join(folder, "ui/dist"), { recursive: true });
  write("index.html", "the page's own text");
  write("app.js", "its program");
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, "ui/dist", name), text);

async function placed(kubeconfig?: string) {
  const { created, resources } = await recorded(() => {
    const cluster = new KubernetesCluster("cluster", { context: "kind-dev", kubeconfig });
    return new UiFiles("page", { cluster, namespace: "dso", directory: join(folder, "ui/dist") });
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
    write("app.js", "another program");
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
    rmSync(join(folder, "ui/dist/index.html"));
    return expect(placed()).rejects.toThrow(/holds no built files of the ui; build them: npm run build:ui$/);
  });
});
