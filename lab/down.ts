import { rm } from "node:fs/promises";
import { removeContainers } from "./docker/container.ts";
import { docker, dockerSays, label } from "./docker/docker.ts";
import { stopOwnDaemon } from "./docker/docker-daemon.ts";
import { withLabLock } from "./locks/lock.ts";
import { step } from "./progress.ts";
import { stackFile } from "./stack.ts";
import { stateDirectory } from "./state.ts";

/** Removes everything that has the lab's label, and stops the Docker daemon that the lab started. The cache stays. */
export async function stopLab(): Promise<void> {
  await withLabLock(async () => {
    if (await dockerSays(["version"])) {
      await step("containers and their volumes: remove", removeAllContainers);
      await step("networks: remove", removeNetworks);
      await step("images: remove", removeImages);
    }
    await step("the lab's Docker daemon and state: remove", stopOwnDaemon);
  });
  await rm(stateDirectory(), { recursive: true, force: true });
  await rm(stackFile, { force: true });
}

async function removeAllContainers(): Promise<void> {
  const ids = await docker(["container", "ls", "--all", "--quiet", "--filter", `label=${label}`]);
  await removeContainers(ids.split("\n").filter(Boolean));
}

async function removeNetworks(): Promise<void> {
  const ids = await docker(["network", "ls", "--quiet", "--filter", `label=${label}`]);
  for (const id of ids.split("\n").filter(Boolean)) {
    // A real kind cluster may use the network `kind` that the lab created.
    const inUse = await docker(["network", "inspect", "--format", "{{len .Containers}}", id]);
    if (inUse === "0") await docker(["network", "rm", id]);
  }
}

/** Selected by tag: an image pulled from Docker Hub has no label of the lab, and may be in use under its own name. */
async function removeImages(): Promise<void> {
  const tags = await docker([
    "image",
    "ls",
    "--filter",
    "reference=container-registry-lab/*",
    "--format",
    "{{.Repository}}:{{.Tag}}",
  ]);
  if (tags !== "") await docker(["image", "rm", "--force", ...tags.split("\n")]);
  await docker(["image", "prune", "--force", "--filter", `label=${label}`]);
}
