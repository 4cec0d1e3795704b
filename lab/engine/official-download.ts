import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

const installer = "https://get.pulumi.com/install.sh";
/** Whether Pulumi's download host answers within 4 s. */
export async function officialIsReachable(url = installer, retryMs = 4000): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(retryMs) });
    return response.ok;
  } catch {
    return false;
  }
}

/** Installs the engine of the SDK's version, with its language hosts, by the installer of Pulumi's Automation API. */
export async function installOfficial(folder: string): Promise<void> {
  // Imported here because most runs of the lab download nothing.
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const aside = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    await PulumiCommand.install({ root: aside });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
