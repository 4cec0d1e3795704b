import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Directory of what the lab builds or downloads once a version: `container-registry-lab/<name>-<version>/<binary>`.
 * It is outside the checkout, because Pulumi's language host walks every folder below the program on each preview.
 *
 * @default ~/.cache/container-registry-lab
 * @see XDG Base Directory Specification: XDG_CACHE_HOME, used only where it is an absolute path
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(base, "container-registry-lab");
}
