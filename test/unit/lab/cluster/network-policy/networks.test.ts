import { BlockList, isIPv4 } from "node:net";
import { describe, expect, it } from "vitest";
import { networkWithout } from "../../../../../lab/cluster/network-policy/networks.ts";
import fc from "../../../../properties.ts";

describe("networkWithout", () => {
  it.each([
    ["10.0.0.0/8", [], ["10.0.0.0/8"]],
    ["203.0.113.7/32", [], ["203.0.113.7/32"]],
    // Not its first address, as the API takes it.
    ["192.168.1.9/24", [], ["192.168.1.0/24"]],
    ["0.0.0.0/0", ["128.0.0.0/1"], ["0.0.0.0/1"]],
    ["10.0.0.0/30", ["10.0.0.1/32"], ["10.0.0.0/32", "10.0.0.2/31"]],
    ["10.0.0.0/24", ["10.0.0.0/8"], []],
    ["10.0.0.0/24", ["10.0.1.0/24", "fc00::/7"], ["10.0.0.0/24"]],
    ["fc00::/7", [], []],
  ])("%s without %j is %j", (cidr, except, networks) => {
    expect(networkWithout(cidr, except)).toEqual(networks);
  });

  it("has an address where the network does and no exception does", () => {
    // Few addresses, so that they meet.
    const address = fc.tuple(fc.constantFrom(10, 255), fc.nat(1), fc.constant(0), fc.nat(15)).map((of) => of.join("."));
    const network = fc.tuple(address, fc.integer({ min: 8, max: 32 })).map(([of, bits]) => `${of}/${bits}`);
    fc.assert(
      fc.property(network, fc.array(network, { maxLength: 4 }), address, (cidr, except, asked) => {
        const isIn = within([cidr], asked) && !within(except, asked);
        expect(within(networkWithout(cidr, except), asked)).toBe(isIn);
      }),
    );
  });
});

function within(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [start = "", bits] = network.split("/");
    expect(isIPv4(start)).toBe(true);
    list.addSubnet(start, Number(bits));
  }
  return list.check(address);
}
