import { podImage } from "../../../../lab/cluster/images.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";

/**
 * Gives a machine's docker an image of the name that pages pull from Docker Hub, which the lab cannot reach. Like Docker Hub's, it
 * has the `sleep` that a page's pod runs.
 */
export async function haveBusybox(machine: Machine): Promise<void> {
  const { tag, archive } = await podImage("pod");
  await machine.copyTo(archive, "/var/tmp/pod.tar");
  await machine.run('docker load --quiet --input /var/tmp/pod.tar && docker tag "$1" busybox', { args: [tag] });
}

/** Why tests leave out a page's `docker pull busybox`. */
export const busyboxIsThere = {
  "docker pull busybox": "Docker Hub cannot be reached, and this docker has an image of that name",
};
