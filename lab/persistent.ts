import { type Machine, startMachine } from "./hosts/machine.ts";
import { type Lab, startLab } from "./lab.ts";
import { addresses } from "./network/network.ts";

export type PersistentLab = Lab & { host: Machine; client: Machine };

/** Host name of the persistent lab's registry. */
export const registryHost = "registry.lab.test";

/** Starts the lab that runs until `lab:down`: a machine that becomes a registry host, and another one with Docker. */
export async function persistentLab(): Promise<PersistentLab> {
  const lab = await startLab();
  const [host, client] = await Promise.all([
    startMachine({ name: "host", address: addresses.host, names: [registryHost], publish: [80, 443], reuse: true }),
    startMachine({ name: "client", address: addresses.client, reuse: true }),
  ]);
  return { ...lab, host, client };
}
