import { engine } from "../../lab/engine/engine.ts";
import { ensurePlatform } from "../../lab/platform.ts";
import { bundleProjects } from "./projects.ts";

/** Builds or downloads the engine: neither a test nor its hooks have the time. */
export default async function setup(): Promise<void> {
  ensurePlatform("npm run test:engine", "linux");
  await engine();
  await bundleProjects();
}
