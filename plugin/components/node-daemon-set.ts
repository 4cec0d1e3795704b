import { z } from "zod";
import { NodeDaemonSet } from "../../components/nodes/node-daemon-set.ts";
import { parseWithProblems } from "../../settings/errors/zod-problems.ts";
import * as settings from "../../settings/node-daemon-set.ts";
import { TakeOverFrom } from "../../settings/owner.ts";
import type { PackageComponent } from "../component.ts";
import { createCluster, Kubernetes } from "../inputs/kubernetes.ts";

const Inputs = z.strictObject({
  nodeDaemonSet: settings.NodeDaemonSet,
  kubernetes: Kubernetes,
  takeOverFrom: TakeOverFrom,
});

export const nodeDaemonSet: PackageComponent<z.output<typeof Inputs>> = {
  name: "NodeDaemonSet",
  description: "Makes every node of a Kubernetes cluster trust a registry, nodes that join later included, without SSH",
  settings: Inputs,
  secrets: [],
  hasEndpoint: true,
  outputs: {},
  check(given) {
    const { value: checked, problems } = parseWithProblems(Inputs, given);
    return { checked, problems };
  },
  async create({ name, checked: { nodeDaemonSet: daemonSet, kubernetes, takeOverFrom }, endpoint, owner, parent }) {
    const cluster = createCluster(name, kubernetes, parent);
    new NodeDaemonSet(name, { daemonSet, takeOverFrom, cluster, endpoint, owner }, { parent });
    return {};
  },
};
