import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { createVolumeClaim } from "../../../components/cluster-registry/storage.ts";
import { createOwner } from "../../../components/create-owner.ts";
import { KubernetesCluster, stackCluster } from "../../../components/kubernetes-cluster.ts";
import { ownedNamespace } from "../../../components/owned-namespace.ts";
import { ClusterVariant } from "../../../settings/variants/cluster.ts";

const given = new pulumi.Config().getObject<object>("variant") ?? {};
const variant = ClusterVariant.parse({ kind: "cluster", tls: { kind: "none" }, ...given });

const takeOverFrom = new pulumi.Config().getObject<string[]>("takeOverFrom") ?? [];
const cluster = new KubernetesCluster("cluster", stackCluster());
const { provider } = cluster;
const { namespace: dso, deleteData } = variant;
const owner = createOwner({ takeOverFrom });
const namespace = ownedNamespace("registry", { cluster, namespace: dso, owner, takeOverFrom, deleteData });
new ConfigMap("note", { metadata: { name: "note", namespace }, data: { text: "a note" } }, { provider });
createVolumeClaim(variant, { name: "registry", namespace, options: { provider } });
