import { expect, it } from "vitest";
import { kindNodes } from "../../../../hosts/node-trust/kind-nodes.ts";

/** A docker with these lines for an answer. */
const docker =
  (...lines: string[]) =>
  (args: readonly string[]) => {
    expect(args).toContain("label=io.x-k8s.kind.cluster=dev");
    return lines.map((line) => `${line}\n`).join("");
  };

it("kindNodes › are the cluster's containers in order, a load balancer aside", () => {
  const nodes = kindNodes(
    "dev",
    docker(
      "dev-worker 22 running worker",
      "dev-external-load-balancer 33 running external-load-balancer",
      "dev-control-plane 11 running control-plane",
    ),
  );
  expect(nodes).toEqual([
    { name: "dev-control-plane", id: "11" },
    { name: "dev-worker", id: "22" },
  ]);
});

it("kindNodes › says how to make a cluster that is not there", () => {
  expect(() => kindNodes("dev", docker())).toThrow(
    "no kind cluster of that name runs here; kind create cluster --name dev, or correct the name",
  );
});

it("kindNodes › says how to start a node that stands still", () => {
  expect(() => kindNodes("dev", docker("dev-worker 22 exited worker"))).toThrow(
    "its node dev-worker is exited; start it: docker start dev-worker",
  );
});
