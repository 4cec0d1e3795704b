import { describe, expect, it } from "vitest";
import { leftoverBridges } from "../../../../lab/docker/leftover-bridges.ts";

const bridge = (ifname: string, local: string) => ({ ifname, addr_info: [{ local }] });

describe("leftoverBridges", () => {
  it("names Docker's bridges that have an address in the subnet", () => {
    const addresses = JSON.stringify([
      bridge("docker0", "172.17.0.1"),
      bridge("br-dc129c2928a0", "172.30.77.128"),
      bridge("br-0123456789ab", "172.18.0.1"),
      bridge("br-lan", "172.30.77.1"),
    ]);
    expect(leftoverBridges(addresses, "172.30.77.")).toEqual(["br-dc129c2928a0"]);
  });

  it.each(["", "[]", "[{}]"])("names none where ip prints %o", (addresses) =>
    expect(leftoverBridges(addresses, "172.30.77.")).toEqual([]),
  );
});
