import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ensurePrograms } from "../debian/debian.ts";

/**
 * Installs the engine of the SDK's version, with its language hosts, by the installer of Pulumi's Automation API. The engine
 * itself downloads the plugins of a program, when it first runs it.
 */
export async function installOfficial(folder: string): Promise<void> {
  await ensurePrograms(
    { curl: ["curl", "ca-certificates"] },
    "Pulumi's installer needs curl; install it, then run this again",
  );
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
