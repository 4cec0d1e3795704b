import { type Acme, startAcme } from "./acme.ts";
import { isRunning } from "./container.ts";
import { type Dns, dnsContainer, startDns } from "./dns.ts";
import { ensureDocker } from "./docker-daemon.ts";
import { withLabLock } from "./lock.ts";
import { machineImages } from "./machine-image.ts";
import { addresses, ensureNetwork } from "./network.ts";
import { type SshKeys, sshKeys } from "./ssh-keys.ts";

/** What every part of the lab stands on; it keeps running until `lab:down`. */
export type Lab = { dns: Dns; acme: Acme; keys: SshKeys };

/** Whether a lab runs already, in whatever process it was started. */
export function labIsUp(): Promise<boolean> {
  return isRunning(dnsContainer);
}

let started: Promise<Lab> | undefined;

/** Docker, the images, a network, its DNS and its ACME server: found running, or started. */
export function startLab(): Promise<Lab> {
  started ??= withLabLock(prepare);
  return started;
}

async function prepare(): Promise<Lab> {
  await ensureDocker();
  await machineImages();
  await ensureNetwork();
  const keys = await sshKeys();
  const dns = await startDns();
  const acme = await startAcme();
  await dns.add(acme.name, addresses.acme);
  return { dns, acme, keys };
}
