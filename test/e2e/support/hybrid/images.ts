import { vi } from "vitest";
import type { Cluster } from "../../../../lab/cluster/cluster.ts";
import { loadImage } from "../../../../lab/cluster/cluster-node.ts";
import { removeContainers } from "../../../../lab/docker/container.ts";
import { docker, label } from "../../../../lab/docker/docker.ts";
import { registryImage } from "../../../../lab/images/registry-images.ts";
import { freePort } from "../../../../lab/network/free-port.ts";

/** The images as a stack file names them. The proxy's image has a digest in its name, because pods use it too. */
export type HybridImages = { registry: { reference: string; archive: string }; proxy: { reference: string } };

/**
 * Both images, in this machine's Docker. An image has a digest only after it was pulled or pushed. So the proxy's image is
 * pushed to a temporary registry.
 */
export async function hybridImages(): Promise<HybridImages> {
  const [registry, proxy] = await Promise.all([registryImage("registry"), registryImage("proxy")]);
  const container = "hybrid-once";
  const port = await freePort();
  const name = `localhost:${port}/lab/proxy`;
  const environment = ["--env", "REGISTRY_HTTP_ADDR=:5000"];
  await removeContainers([container]);
  await docker([
    "run",
    "--detach",
    "--name",
    container,
    "--label",
    label,
    "--publish",
    `127.0.0.1:${port}:5000`,
    ...environment,
    registry.tag,
  ]);
  // A connection that Docker takes before the registry listens may never be answered.
  const serves = () => fetch(`http://127.0.0.1:${port}/v2/`, { signal: AbortSignal.timeout(2000) });
  await vi.waitFor(serves, { timeout: 120_000 });
  await docker(["tag", proxy.tag, name]);
  await docker(["push", "--quiet", name]);
  await removeContainers([container]);
  const references = await docker(["image", "inspect", "--format", '{{join .RepoDigests "\\n"}}', name]);
  const reference = references.split("\n").find((each) => each.startsWith(name));
  if (reference === undefined) throw new Error(`${name} has no digest after its push`);
  return { registry: { reference: registry.id, archive: registry.archive }, proxy: { reference } };
}

/** Loads the proxy's image into the workers under the name that the stack file uses, as after a pull. */
export async function loadProxy({ workers }: Cluster, { proxy: { reference } }: HybridImages): Promise<void> {
  const { tag } = await registryImage("proxy");
  for (const worker of workers) {
    await loadImage(worker, tag);
    await worker.run('ctr --namespace k8s.io images tag --force "$@" >/dev/null', {
      args: [`docker.io/${tag}`, reference],
    });
  }
}

/** Removes the proxy image's additional name from this machine's Docker, and with the name its digest. */
export async function forgetProxy({ proxy: { reference } }: HybridImages): Promise<void> {
  await docker(["image", "rm", `${reference.split("@")[0]}:latest`]);
}
