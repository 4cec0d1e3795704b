import { DaemonSet } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import * as pulumi from "@pulumi/pulumi";
import { configData, configName, daemonSetName, type NodeDaemonSetPlan } from "../../render/node-daemon-set.ts";
import { podLabels, podSpec } from "../../render/node-daemon-set-pod.ts";
import type * as settings from "../../settings/node-daemon-set.ts";
import type { Owner } from "../../settings/owner.ts";
import { imagePullErrors } from "../image-pull-errors.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { ownedObject } from "../owned-object.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";

export interface NodeDaemonSetArgs {
  daemonSet: settings.NodeDaemonSet;
  cluster: KubernetesCluster;
  /** The registry to trust. */
  endpoint: RegistryEndpoint;
  /** The stack that owns the DaemonSet. */
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
}

/**
 * How long the rollout may take on all nodes, which may have to pull an image and then check that the registry answers.
 */
const rolloutTimeout = "5m";

/** Makes every node of a cluster trust the registry, including nodes that join later. */
export class NodeDaemonSet extends pulumi.ComponentResource {
  constructor(name: string, args: NodeDaemonSetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:nodes:NodeDaemonSet", name, {}, opts);
    const { daemonSet, cluster, endpoint } = args;
    const options = { parent: this, provider: cluster.provider };

    const { host, aliases, url, nodeUrls, ca } = endpoint;
    const registry = pulumi.output({ host, aliases, url, nodeUrls, ca });
    const plan = registry.apply((registry): NodeDaemonSetPlan => ({ daemonSet, registry }));
    const namespace = this.createNamespace(name, args);
    const metadata = { name: host.apply(daemonSetName), namespace };
    const rights = this.createRights(name, metadata, options);

    const data = plan.apply(configData);
    const config = new ConfigMap(
      `${name}-config`,
      {
        metadata: { name: pulumi.all([host, data]).apply(([host, data]) => configName(host, data)), namespace },
        data,
        immutable: true,
      },
      options,
    );
    const labels = host.apply((host) => podLabels(daemonSet, host));
    new DaemonSet(
      `${name}-pods`,
      {
        metadata,
        spec: {
          selector: { matchLabels: labels },
          // All pods are replaced at once, since a node keeps its trust while its pod is replaced.
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
          template: {
            metadata: { labels },
            spec: pulumi.all([plan, config.metadata.name]).apply(([plan, config]) => podSpec(plan, config)),
          },
        },
      },
      // A pod reads its DaemonSet when it stops, so the DaemonSet depends on the pods' rights and is deleted before
      // them.
      {
        ...options,
        ...imagePullErrors(name, "nodeDaemonSet.image", cluster),
        dependsOn: [...rights, ...endpoint.served],
        customTimeouts: { create: rolloutTimeout, update: rolloutTimeout },
      },
    );
    this.registerOutputs();
  }

  /**
   * The DaemonSet's namespace, returned once this stack owns the DaemonSet's name in it. Destroy does not delete the
   * namespace, since it may contain objects that this stack does not own.
   */
  private createNamespace(name: string, { daemonSet, cluster, endpoint, owner, takeOverFrom }: NodeDaemonSetArgs) {
    const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
    const created = new Namespace(
      `${name}-namespace`,
      { metadata: { name: daemonSet.namespace, labels } },
      { parent: this, provider: cluster.provider, retainOnDelete: true },
    );
    const object = { kind: "DaemonSet", object: endpoint.host.apply(daemonSetName), namespace: created.metadata.name };
    const owned = { ...object, cluster, owner, takeOverFrom, another: "another nodeDaemonSet.namespace" };
    return ownedObject(name, owned, { parent: this });
  }

  /** Lets a pod read its own DaemonSet, and nothing else. */
  private createRights(
    name: string,
    metadata: { name: pulumi.Output<string>; namespace: pulumi.Output<string> },
    options: pulumi.CustomResourceOptions,
  ) {
    const account = new ServiceAccount(`${name}-account`, { metadata }, options);
    const rules = [{ apiGroups: ["apps"], resources: ["daemonsets"], resourceNames: [metadata.name], verbs: ["get"] }];
    const role = new Role(`${name}-role`, { metadata, rules }, options);
    const binding = new RoleBinding(
      `${name}-role-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: metadata.namespace }],
      },
      options,
    );
    return [account, role, binding];
  }
}
