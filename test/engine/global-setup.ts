import { engine } from "../../lab/engine/engine.ts";
import { bundleProjects } from "./projects.ts";

/** Builds or downloads the engine: neither a test nor its hooks have the time. */
export default async function setup(): Promise<void> {
  await engine();
  await bundleProjects();
}
