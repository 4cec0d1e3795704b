import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { goModuleFile } from "../go/go-module.ts";
import type { Kubectl } from "./kubectl.ts";
import { traefik } from "./programs.ts";

const folder = join(import.meta.dirname, "addons");

/** Label of a control plane's container: the version of the cluster's addons. */
export const addonsLabel = "container-registry.lab.addons";

/** Installs what a usual cluster has: DNS, an ingress controller, volumes. */
export async function applyAddons(kubectl: Kubectl): Promise<void> {
  const files = await addonFiles();
  await kubectl(["apply", "--server-side", ...files.flatMap((file) => ["--filename", file])]);
}

/** The version of the addons: a hash of their manifests. */
export async function addonsVersion(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await addonFiles()) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

/**
 * The manifests in the order they are applied. Traefik's CustomResourceDefinitions come first, since Traefik fails without
 * them.
 */
async function addonFiles(): Promise<string[]> {
  const module = { module: "github.com/traefik/traefik/v3", version: traefik.version };
  const definitions = "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml";
  const own = (await readdir(folder)).sort().map((file) => join(folder, file));
  return [await goModuleFile(module, definitions), ...own];
}
