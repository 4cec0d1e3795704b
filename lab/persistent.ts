import { type Machine, startMachine } from "./hosts/machine.ts";
import { type Lab, startLab } from "./lab.ts";
import { addresses } from "./network/network.ts";

export type StandingLab = Lab & { host: Machine; client: Machine };

/** Where the persistent lab's registry is found. */
export const registryHost = "registry.lab.test";

/** The lab that stays: a machine to become a registry host, and one with every client. */
export async function persistentLab(): Promise<StandingLab> {
  const lab = await startLab();
  const [host, client] = await Promise.all([
    startMachine({ name: "host", address: addresses.host, names: [registryHost], publish: [80, 443], reuse: true }),
    startMachine({ name: "client", kind: "client", address: addresses.client, reuse: true }),
  ]);
  return { ...lab, host, client };
}
