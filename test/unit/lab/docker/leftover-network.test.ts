import { describe, expect, it } from "vitest";
import { leftoverBridges, leftoverRules } from "../../../../lab/docker/leftover-network.ts";

const subnet = "172.30.77.0/24";

const bridge = (ifname: string, local: string) => ({ ifname, addr_info: [{ local }] });

describe("leftoverBridges", () => {
  it("names Docker's bridges that have an address in the subnet", () => {
    const addresses = JSON.stringify([
      bridge("docker0", "172.17.0.1"),
      bridge("br-dc129c2928a0", "172.30.77.128"),
      bridge("br-0123456789ab", "172.18.0.1"),
      bridge("br-lan", "172.30.77.1"),
    ]);
    expect(leftoverBridges(addresses, subnet)).toEqual(["br-dc129c2928a0"]);
  });

  it.each(["", "[]", "[{}]"])("names none where ip prints %o", (addresses) =>
    expect(leftoverBridges(addresses, subnet)).toEqual([]),
  );
});

describe("leftoverRules", () => {
  it("names the rules that masquerade the subnet for another bridge, and no others", () => {
    const rules = [
      "-P POSTROUTING ACCEPT",
      "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
      "-A POSTROUTING -s 172.30.77.0/24 ! -o br-dc129c2928a0 -j MASQUERADE",
      "-A POSTROUTING -s 172.30.77.2/32 -d 172.30.77.2/32 -p tcp -m tcp --dport 8055 -j MASQUERADE",
    ].join("\n");
    expect(leftoverRules(rules, subnet)).toEqual([
      ["POSTROUTING", "-s", "172.30.77.0/24", "!", "-o", "br-dc129c2928a0", "-j", "MASQUERADE"],
    ]);
  });
});
