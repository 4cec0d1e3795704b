import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { KubernetesCluster, stackCluster } from "../../../components/kubernetes-cluster.ts";

const { provider } = new KubernetesCluster("cluster", stackCluster());
const metadata = { name: "note", namespace: "default" };
new ConfigMap("note", { metadata, data: { text: "a note" } }, { provider });
