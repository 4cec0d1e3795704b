import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { reloadProgram } from "../../render/proxy/reload-program.ts";
import { goBinary } from "../go/go-build.ts";
import { caddy } from "../images/registry-images.ts";
import { reloadArguments, type StartedProxy } from "./start-proxy.ts";

/** Reloads the proxy by the program that production uses, which holds requests meanwhile. Returns its exit code. */
export async function holdingReload(proxy: StartedProxy): Promise<number> {
  const [code] = await once(await startHoldingReload(proxy), "exit");
  return code;
}

/** Starts that program as the first process of a group of its own. The first `caddy` below `programs` is used, if there is one. */
export async function startHoldingReload({ directory }: StartedProxy, programs = ""): Promise<ChildProcess> {
  const program = reloadProgram.replaceAll("/run/caddy", join(directory, "run"));
  const env = { PATH: `${programs}:${dirname(await goBinary(caddy))}:${process.env.PATH}` };
  const args = ["-c", program, "reload", ...reloadArguments(directory)];
  return spawn("sh", args, { env, detached: true, stdio: ["ignore", "ignore", "pipe"] });
}
