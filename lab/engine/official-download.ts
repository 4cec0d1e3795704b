import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

const installer = "https://get.pulumi.com/install.sh";
/** Whether the official download can be had from here, known within seconds. */
export async function officialIsReachable(url = installer, retryMs = 4000): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(retryMs) });
    return response.ok;
  } catch {
    return false;
  }
}

/** Installs the release of the SDK, with its language hosts, by the Automation API's own installer. */
export async function installOfficial(folder: string): Promise<void> {
  // Loaded here, since hardly any run of the lab downloads.
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
