import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { startCluster } from "../../../lab/cluster/cluster.ts";
import { podImage } from "../../../lab/cluster/images.ts";
import { kubernetes } from "../../../lab/cluster/kubernetes.ts";
import { removeContainers } from "../../../lab/docker/container.ts";
import { docker } from "../../../lab/docker/docker.ts";
import { goBinary } from "../../../lab/go/go-build.ts";
import { freePort } from "../../../lab/network/free-port.ts";
import { temporaryFolder, withWorld } from "../../with-world.ts";
import { busyboxIsThere } from "../support/docs-pages/busybox.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { reader } from "../support/docs-pages/reader.ts";
import { forgetProxy, hybridImages, loadProxy } from "../support/hybrid/images.ts";

const page = docsPage("get-started.md");
const name = "get-started";
const containerName = `${name}-registry`;

/** A cluster of the lab in the place of kind's, which other tests may have under that name. */
const world = withWorld(async ({ use, defer }) => {
  const images = await hybridImages();
  defer(() => forgetProxy(images));
  const cluster = use(await startCluster({ name, workers: 1 }));
  await loadProxy(cluster, images);
  const port = String(await freePort());
  const busybox = ["busybox", `localhost:${port}/busybox:1`];
  defer(() => docker(["image", "rm", ...busybox]).catch(() => {}));
  // Also those of a run that was killed: the registry refuses volumes of another stack.
  await removeRegistry();
  defer(removeRegistry);
  await docker(["tag", (await podImage("pod")).tag, "busybox"]);
  const person = await reader({
    folder: temporaryFolder({ defer }, name),
    values: { "5002": port },
    env: { KUBECONFIG: cluster.kubeconfig },
    programs: [dirname(await goBinary(kubernetes("kubectl")))],
  });
  return { images, cluster, port, person };
});

async function removeRegistry(): Promise<void> {
  await removeContainers([containerName, `${containerName}-storage`]);
  const named = await docker(["volume", "ls", "--quiet", "--filter", `name=^${containerName}-`]);
  for (const volume of named.split("\n").filter(Boolean)) await docker(["volume", "rm", volume]);
}

describe("docs/get-started.md, kind", () => {
  let output = "";

  beforeAll(async () => {
    const { person } = world();
    await person.follow(page, "First, for all of them");
    output = await person.follow(page, "kind", {
      after: { "pulumi stack init kind": inTheLab },
      notRun: { ...busyboxIsThere, "kind create cluster": "the lab has created a cluster of real kubelets" },
    });
  }, 1_800_000);

  /** The lab's names, and its images where none can be pulled. */
  async function inTheLab() {
    const { images, person, port } = world();
    const file = join(person.project, "Pulumi.kind.yaml");
    const document = parseDocument((await readFile(file, "utf8")).replaceAll("5002", port));
    const variant = ["config", "container-registry:variant"];
    for (const [key, value] of Object.entries({ clusterName: name, containerName, images }))
      document.setIn([...variant, key], value);
    await writeFile(file, document.toString());
  }

  it("ends with a pod whose image the node has pulled from the registry", async () => {
    expect(output).toContain("Login Succeeded");
    expect(output).toContain("pod/busybox condition met");
    const { cluster, port } = world();
    const image = await cluster.kubectl([
      "get",
      "pod",
      "busybox",
      "--output",
      "jsonpath={.status.containerStatuses[0].imageID}",
    ]);
    expect(image).toContain(`localhost:${port}/busybox@sha256:`);
  });
});
