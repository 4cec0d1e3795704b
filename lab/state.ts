import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Directory of what a running lab stores: its keys, its Docker daemon's data, its stack. `lab:down` removes it.
 *
 * @default ~/.local/state/container-registry-lab
 * @see XDG Base Directory Specification: XDG_STATE_HOME, used only where it is an absolute path
 */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_STATE_HOME?.startsWith("/") ? env.XDG_STATE_HOME : join(homedir(), ".local", "state");
  return join(base, "container-registry-lab");
}
