import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { names, podLabels } from "../../render/cluster-registry/names.ts";
import { secondsBetweenLooks } from "../../render/cluster-registry/proxy.ts";
import { proxyFiles } from "../../render/proxy/proxy-config.ts";
import { reloadSeconds } from "../../render/proxy/reload-program.ts";
import { bringFiles, type MountedFiles } from "./mounted-files.ts";
import type { Kubectl } from "./run-kubectl.ts";

/** How long to wait, in seconds: for the files to be in each pod, between two looks, and for the proxies to load them. */
export type Waits = { seconds: number; pause: number; load: number };

// The proxy looks that often, and holds requests for a moment to load what it finds.
const waits: Waits = { seconds: 20, pause: 0.5, load: secondsBetweenLooks + reloadSeconds };

/** The files by their paths in the proxy's container. */
export function inProxy(files: Record<string, string>): MountedFiles {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`${dirname(proxyFiles.caddyfile)}/${file}`, text]),
  );
}

/**
 * Has each running pod of the registry take up changed passwords and rights now, and ends once its proxy has loaded them. Returns
 * what went wrong, if anything did. Throws what kubectl throws.
 */
export async function bringAccounts(
  kubectl: Kubectl,
  namespace: string,
  files: MountedFiles,
  { load, ...bring }: Waits = waits,
): Promise<string | undefined> {
  const pods = { namespace, labels: podLabels, container: "proxy" };
  const lacking = await bringFiles(kubectl, pods, files, bring);
  if (lacking.length > 0) return `pod ${lacking.join(", ")} had the old ones ${bring.seconds} s later`;
  await sleep(load * 1000);
  return undefined;
}

/** The passwords and rights that the cluster's objects hold, by their paths in the proxy's container. */
export async function accountsInCluster(kubectl: Kubectl, namespace: string): Promise<MountedFiles> {
  const read = async (object: string) =>
    (JSON.parse(await kubectl("get", object, "--namespace", namespace, "--output", "json")) as Data).data ?? {};
  const [rights, accounts] = await Promise.all([read(`configmap/${names.rights}`), read(`secret/${names.accounts}`)]);
  const hashes = Buffer.from(accounts[accountsFileName] ?? "", "base64").toString();
  return inProxy({ ...rights, [accountsFileName]: hashes });
}

type Data = { data?: Record<string, string> };

/** The proxy mounts this file of the Secret alone. */
const accountsFileName = basename(proxyFiles.accounts);
