import { expect, it } from "vitest";
import { freeWorkerName } from "../../../../lab/cluster/kind-labels.ts";

it.each([
  [[], "lab-worker"],
  [["lab-control-plane", "lab-worker"], "lab-worker2"],
  [["lab-worker", "lab-worker3"], "lab-worker2"],
  [["lab-worker2"], "lab-worker"],
])("a worker's name › beside %j it is %s, as kind would have it", (taken, name) => {
  expect(freeWorkerName("lab", taken)).toBe(name);
});
