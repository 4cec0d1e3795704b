import { expect, it } from "vitest";
import { addresses, loadBalancerPool, pools } from "../../../../lab/network/network.ts";

it("load balancers' addresses › overlap neither with machines' nor with other clusters' addresses", () => {
  const all = Array.from({ length: pools }, (_, index) => loadBalancerPool(index)).flat();
  expect(new Set(all).size).toBe(all.length);
  for (const fixed of Object.values(addresses)) expect(all).not.toContain(fixed);
  // Docker gives machines theirs from 172.30.77.128 up.
  for (const address of all) expect(Number(address.split(".")[3])).toBeLessThan(128);
});
