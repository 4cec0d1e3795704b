import { execa } from "execa";

/** An entry of `ip -json address`, as far as it is read here. @see ip-address(8) */
type Interface = { ifname: string; addr_info: { local: string }[] };

/**
 * Removes the bridges that a killed daemon left with an address in the subnet, as in `172.30.77.`. While such a bridge
 * is there, packets for a new network of the same subnet go to the old bridge, and nobody answers.
 */
export async function removeLeftoverBridges(subnetPrefix: string): Promise<void> {
  // A machine without iproute2 gets it with Docker; no daemon has run there.
  const { stdout = "" } = await execa("ip", ["-json", "address", "show", "type", "bridge"], { reject: false });
  for (const name of leftoverBridges(stdout, subnetPrefix)) await execa("ip", ["link", "delete", name]);
}

/** The names of Docker's bridges with an address in the subnet. `addresses` is the output of `ip -json address`. */
export function leftoverBridges(addresses: string, subnetPrefix: string): string[] {
  // Where there is no bridge, `ip` of some versions prints nothing, and of others an empty object in the array.
  const interfaces = JSON.parse(addresses || "[]") as Partial<Interface>[];
  return interfaces.flatMap(({ ifname = "", addr_info = [] }) =>
    /^br-[0-9a-f]{12}$/.test(ifname) && addr_info.some(({ local }) => local.startsWith(subnetPrefix)) ? [ifname] : [],
  );
}
