import { clusterImages } from "../../lab/cluster/images.ts";
import { stopLab } from "../../lab/down.ts";
import { engine } from "../../lab/engine/engine.ts";
import { registryImage } from "../../lab/images/registry-images.ts";
import { labIsUp, startLab } from "../../lab/lab.ts";

/** One lab for all end-to-end tests, and all that takes minutes to build; one that runs already stays. */
export default async function setup(): Promise<() => Promise<void>> {
  const standing = await labIsUp();
  await Promise.all([startLab(), engine()]);
  await registryImage("registry");
  await clusterImages();
  return async () => {
    if (!standing) await stopLab();
  };
}
