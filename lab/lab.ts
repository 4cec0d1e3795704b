import { isRunning } from "./docker/container.ts";
import { ensureDocker } from "./docker/docker-daemon.ts";
import { type SshKeys, sshKeys } from "./hosts/ssh-keys.ts";
import { machineImage } from "./images/machine-image.ts";
import { withLabLock } from "./locks/lock.ts";
import { type Dns, dnsContainer, startDns } from "./network/dns.ts";
import { addresses, ensureNetwork } from "./network/network.ts";
import { type Acme, startAcme } from "./services/acme.ts";

/** The services that every part of the lab needs; they run until `lab:down`. */
export type Lab = { dns: Dns; acme: Acme; keys: SshKeys };

/** Whether a lab runs, started by this or another process. */
export function labIsUp(): Promise<boolean> {
  return isRunning(dnsContainer);
}

let started: Promise<Lab> | undefined;

/** Starts what does not run yet: Docker, the images, a network, its DNS server and its ACME server. */
export function startLab(): Promise<Lab> {
  started ??= withLabLock(prepare);
  return started;
}

async function prepare(): Promise<Lab> {
  await ensureDocker();
  await machineImage("docker");
  await ensureNetwork();
  const keys = await sshKeys();
  const dns = await startDns();
  const acme = await startAcme();
  await dns.add(acme.name, addresses.acme);
  return { dns, acme, keys };
}
