import type { Kubectl } from "../cluster/kubectl.ts";
import { goModuleFile } from "../go/go-module.ts";

const certManager = { module: "github.com/cert-manager/cert-manager", version: "1.21.1" };
const kinds = ["certificates", "issuers", "clusterissuers"].map((kind) => `${kind}.cert-manager.io`);

/** Installs cert-manager's CustomResourceDefinitions into a cluster, and waits until they are established. */
export async function installDefinitions(kubectl: Kubectl): Promise<void> {
  const files: string[] = [];
  for (const kind of kinds) {
    const [plural, ...group] = kind.split(".");
    files.push(await goModuleFile(certManager, `deploy/crds/${group.join(".")}_${plural}.yaml`));
  }
  await kubectl(["apply", "--server-side", ...files.flatMap((file) => ["--filename", file])]);
  await kubectl(["wait", "--for=condition=Established", ...kinds.map((kind) => `crd/${kind}`), "--timeout=60s"]);
}

/** Deletes the definitions, which also deletes all issuers and certificates. The Secrets stay. */
export async function removeDefinitions(kubectl: Kubectl): Promise<void> {
  await kubectl(["delete", "crd", ...kinds, "--ignore-not-found"]);
}
