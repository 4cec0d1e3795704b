import { readFileSync } from "node:fs";
import { BlockList, isIPv6 } from "node:net";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import fc from "../../../properties.ts";

const program = readFileSync(new URL("../../../../render/hybrid-registry/in-subnets.awk", import.meta.url), "utf8");

/** The first of the addresses that awk finds in one of the subnets. */
function first(addresses: readonly string[], subnets: readonly string[]): string {
  const input = addresses.map((address) => `${address} STREAM hostk8s-registry\n`).join("");
  return execaSync("awk", ["-v", `subnets=${subnets.join(" ")}`, program], { input }).stdout;
}

const family = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");

/** The same by Node's own reading of addresses and subnets, which counts IPv4 as a part of IPv6 unless kept apart. */
function firstByNode(addresses: readonly string[], subnets: readonly string[]): string {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const subnet of subnets) {
    const [network = "", length] = subnet.split("/");
    lists[family(network)].addSubnet(network, Number(length), family(network));
  }
  return addresses.find((address) => lists[family(address)].check(address, family(address))) ?? "";
}

/** Few values for each part, so that addresses are often in subnets, and lengths around their borders. */
const octet = fc.constantFrom(0, 1, 9, 10, 127, 128, 172, 255);
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));
const group = fc.constantFrom("0", "1", "9", "fd00", "fe80", "ffff");
const ipv6 = fc
  .tuple(fc.array(group, { minLength: 8, maxLength: 8 }), fc.nat(6), fc.integer({ min: 0, max: 3 }))
  // Groups are left out of the middle, as addresses are mostly written.
  .map(([groups, at, count]) =>
    count === 0 ? groups.join(":") : `${groups.slice(0, at).join(":")}::${groups.slice(at + count).join(":")}`,
  );
const subnet = fc.oneof(
  fc.tuple(ipv4, fc.nat(32)).map(([network, length]) => `${network}/${length}`),
  fc.tuple(ipv6, fc.nat(128)).map(([network, length]) => `${network}/${length}`),
);

describe("in-subnets.awk", () => {
  it("agrees with Node on which address is in a subnet", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(ipv4, ipv6), { maxLength: 4 }),
        fc.array(subnet, { minLength: 1, maxLength: 3 }),
        (addresses, subnets) => {
          expect(first(addresses, subnets)).toBe(firstByNode(addresses, subnets));
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each(["", "unknown", "172.18.0", "172.18.0.9.9", "::ffff:172.18.0.9", "fe80::1%eth0"])(
    "passes over %o",
    (word) => {
      expect(first([word, "172.18.0.7"], ["172.18.0.0/16", "fe80::/10", "::/0"])).toBe("172.18.0.7");
    },
  );
});
