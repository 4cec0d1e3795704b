import { isMap, type PropertyValue } from "../plugin/property.ts";
import { field, type KubeObject, kindOf } from "./object.ts";
import { isSet } from "./settings.ts";

const selector = ["spec.selector"];

const podFields = [
  ...["affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases"],
  ...["hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets", "nodeName", "nodeSelector", "overhead"],
  ...["preemptionPolicy", "priority", "priorityClassName", "readinessGates", "restartPolicy", "runtimeClassName"],
  ...["schedulerName", "securityContext", "serviceAccount", "serviceAccountName", "shareProcessNamespace"],
  ...["subdomain", "terminationGracePeriodSeconds", "volumes", "containers", "initContainers"],
];

const volumeSources = [
  ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker"],
  ...["gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume"],
  ...["quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"],
];

/** Fields that the API server or the official provider does not change in place. */
const byKind: Record<string, string[]> = {
  "apps/v1/DaemonSet": selector,
  "apps/v1/Deployment": selector,
  "apps/v1/StatefulSet": [
    ...selector,
    ...["podManagementPolicy", "revisionHistoryLimit", "serviceName", "volumeClaimTemplates"].map(inSpec),
  ],
  "batch/v1/Job": [...selector, ...["completions", "parallelism", "template"].map(inSpec)],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/PersistentVolume": volumeSources.map(inSpec),
  "v1/PersistentVolumeClaim": [...selector, ...["accessModes", "storageClassName", "volumeName"].map(inSpec)],
  "v1/Pod": podFields.map(inSpec),
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Service": ["spec.clusterIP"],
};

function inSpec(name: string): string {
  return `spec.${name}`;
}

/**
 * Fields whose change replaces the object.
 *
 * @see pulumi-kubernetes: provider/pkg/provider/diff.go
 */
export function forceNewFields(object: KubeObject): string[] {
  return ["metadata.name", "metadata.namespace", ...ownFields(object)];
}

function ownFields(object: KubeObject): string[] {
  const immutable = object.immutable === true;
  const kind = kindOf(object);
  if (kind === "v1/Secret")
    return isSet("enableSecretMutable") && !immutable ? ["type"] : ["type", "stringData", "data"];
  if (kind === "v1/ConfigMap") return isSet("enableConfigMapMutable") && !immutable ? [] : ["binaryData", "data"];
  return byKind[kind] ?? [];
}

/** Whether a change at that path, to that value, touches one of the fields. */
export function touches(path: string, value: PropertyValue | undefined, fields: string[]): boolean {
  const steps = stepsOf(path);
  return fields.some((name) => {
    const wanted = name.split(".");
    const within = wanted.slice(0, steps.length).every((step, index) => step === steps[index]);
    return within && (steps.length >= wanted.length || isThere(value, wanted.slice(steps.length)));
  });
}

function isThere(value: PropertyValue | undefined, path: string[]): boolean {
  return isMap(value ?? null) && field(value, ...path) !== undefined;
}

/** Of a path as in `data["ca.crt"]` or `spec.ports[0].port`. */
export function stepsOf(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted?.replaceAll('\\"', '"') ?? index ?? plain ?? "",
  );
}
