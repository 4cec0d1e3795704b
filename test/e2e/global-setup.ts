import { clusterImages } from "../../lab/cluster/images.ts";
import { stopLab } from "../../lab/down.ts";
import { engine } from "../../lab/engine/engine.ts";
import { registryImage } from "../../lab/images/registry-images.ts";
import { labIsUp, startLab } from "../../lab/lab.ts";
import { ensurePlatform } from "../../lab/platform.ts";

/**
 * Starts the lab for all end-to-end tests and builds its images. A lab that was running before the tests keeps running after
 * them.
 */
export default async function setup(): Promise<() => Promise<void>> {
  ensurePlatform("npm run test:e2e", "linux");
  const wasUp = await labIsUp();
  await Promise.all([startLab(), engine()]);
  await registryImage("registry");
  await clusterImages();
  return async () => {
    if (!wasUp) await stopLab();
  };
}
