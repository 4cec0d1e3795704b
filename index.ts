import { KubernetesCluster } from "./components/kubernetes-cluster.ts";
import { clusterOf } from "./components/lazy-cluster.ts";
import { NodeDaemonSet } from "./components/nodes/node-daemon-set.ts";
import { nodes } from "./components/nodes/trust-machines.ts";
import { consumers } from "./components/prepare-consumers.ts";
import { registry } from "./components/prepare-registry.ts";
import { keepAnswersOutOfDebugLog } from "./components/sdk-debug-log.ts";
import { stackOwner } from "./components/stack-owner.ts";
import { trustingNodes } from "./hosts/node-trust/trusting-nodes.ts";
import { requireBuiltUi } from "./hosts/sending/built-ui.ts";
import * as images from "./settings/image-reference.ts";
import { requireLanded } from "./settings/landed.ts";
import { readSettings } from "./settings/read-settings.ts";

keepAnswersOutOfDebugLog();
const { settings, secrets } = readSettings();
requireLanded(settings);
requireBuiltUi(settings);
const machines = trustingNodes(settings);
const where = clusterOf(settings);
const cluster = where && new KubernetesCluster("cluster", where);
const owner = stackOwner(settings);
const endpoint = await registry(settings, secrets, owner, cluster);
nodes(machines, settings, secrets, { endpoint, owner, cluster });
const { nodeDaemonSet: daemonSet, takeOverFrom } = settings;
const outputs = await consumers({ settings, secrets, endpoint, owner, cluster });
if (daemonSet && cluster) new NodeDaemonSet("node-daemon-set", { daemonSet, cluster, endpoint, owner, takeOverFrom });

// By default, since a named export without a value is warned of in every preview.
export default {
  registryUrl: endpoint.url,
  registryHost: endpoint.host,
  imagePrefix: endpoint.host.apply((host) => images.imagePrefix({ ...settings.containerRegistry, host })),
  registryCa: endpoint.ca,
  accounts: endpoint.accounts,
  ...outputs,
};
