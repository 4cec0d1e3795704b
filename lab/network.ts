import { docker, dockerSays, label } from "./docker.ts";
import { LabError } from "./lab-error.ts";

export const network = "container-registry-lab";

/** Machines of tests get theirs from the upper half. */
const subnet = "172.30.77.0/24";

/** What is always found at the same place. */
export const addresses = {
  dns: "172.30.77.2",
  acme: "172.30.77.3",
  host: "172.30.77.10",
  client: "172.30.77.11",
} as const;

/** The bridge on which everything of the lab talks. */
export async function ensureNetwork(): Promise<void> {
  if (await dockerSays(["network", "inspect", network])) return;
  const range = ["--subnet", subnet, "--ip-range", "172.30.77.128/25", "--label", label];
  await docker(["network", "create", ...range, network]).catch((error: Error) => {
    throw new LabError(`the lab's network ${subnet} can't be made; does another one use that range? ${error.message}`);
  });
}
