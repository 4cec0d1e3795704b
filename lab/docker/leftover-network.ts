import { execa } from "execa";

/** An entry of `ip -json address`, as far as it is read here. @see ip-address(8) */
type Interface = { ifname: string; addr_info: { local: string }[] };

/**
 * Removes what a killed daemon left of a network with this subnet, as in `172.30.77.0/24`. Packets for a new network of
 * the same subnet would go to the old bridge, and the old firewall rule would replace the senders' addresses.
 */
export async function removeLeftoverNetwork(subnet: string): Promise<void> {
  // A machine without these programs gets them with Docker; no daemon has run there.
  const { stdout: addresses = "" } = await execa("ip", ["-json", "address", "show", "type", "bridge"], optional);
  for (const name of leftoverBridges(addresses, subnet)) await execa("ip", ["link", "delete", name]);
  const { stdout: rules = "" } = await execa("iptables", ["-t", "nat", "-S", "POSTROUTING"], optional);
  for (const rule of leftoverRules(rules, subnet)) await execa("iptables", ["-t", "nat", "-D", ...rule]);
}

const optional = { reject: false } as const;

/** The names of Docker's bridges with an address in the subnet. `addresses` is the output of `ip -json address`. */
export function leftoverBridges(addresses: string, subnet: string): string[] {
  const prefix = subnet.replace(/\d+\/24$/, "");
  // Where there is no bridge, `ip` of some versions prints nothing, and of others an empty object in the array.
  const interfaces = JSON.parse(addresses || "[]") as Partial<Interface>[];
  return interfaces.flatMap(({ ifname = "", addr_info = [] }) =>
    /^br-[0-9a-f]{12}$/.test(ifname) && addr_info.some(({ local }) => local.startsWith(prefix)) ? [ifname] : [],
  );
}

/** The words behind `-A` of the rules that masquerade the subnet. `rules` is the output of `iptables -S`. */
export function leftoverRules(rules: string, subnet: string): string[][] {
  return rules
    .split("\n")
    .filter((rule) => rule.startsWith(`-A POSTROUTING -s ${subnet} ! -o br-`))
    .map((rule) => rule.trim().split(" ").slice(1));
}
