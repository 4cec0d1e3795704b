import type { Machine } from "../../../../lab/hosts/machine.ts";
import { testImage } from "../../../../lab/images/test-image.ts";

/** Gives a machine's docker an image of the name that pages pull from Docker Hub, which the lab cannot reach. */
export async function haveBusybox(machine: Machine): Promise<void> {
  const archive = await testImage(machine);
  await machine.run(`docker tag "$(docker load --input "$1" | sed -n 's/^Loaded image: //p')" busybox`, {
    args: [archive],
  });
}

/** Why tests leave out a page's `docker pull busybox`. */
export const busyboxIsThere = {
  "docker pull busybox": "Docker Hub cannot be reached, and this docker has an image of that name",
};
