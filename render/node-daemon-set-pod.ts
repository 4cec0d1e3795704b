import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { splitHost } from "../settings/formats/host-name.ts";
import type { NodeDaemonSet } from "../settings/node-daemon-set.ts";
import { hostsLine } from "./hosts-line.ts";
import { daemonSetName, type NodeDaemonSetPlan } from "./node-daemon-set.ts";
import { trustDirectories, trustFiles, urlsOf } from "./node-daemon-set-trust.ts";

/** The interval between two checks of a node, in seconds. Files that somebody changed are restored within it. */
const periodSeconds = 30;

/** The interval between two checks of a node that does not trust the registry yet, in seconds. */
const retrySeconds = 5;

/** Paths in the pod. The node's directories are mounted below `node`. */
const inPod = {
  node: "/host",
  config: "/etc/registry-trust",
  scratch: "/run/registry-trust",
  account: "/var/run/secrets/kubernetes.io/serviceaccount",
} as const;

/**
 * The pods' labels, which are also the DaemonSet's selector. They depend on the mounted paths, and a selector is
 * immutable, so other paths replace the DaemonSet. The pods of the old DaemonSet then remove their files in the old
 * paths.
 */
export function podLabels({ runtime, hostsEntry }: NodeDaemonSet, host: string) {
  return {
    // A label's value has at most 63 characters.
    "app.kubernetes.io/name": "registry-trust",
    "app.kubernetes.io/instance": createHash("sha256").update(host).digest("hex").slice(0, 10),
    "container-registry/writes": hostsEntry === undefined ? runtime : `${runtime}-and-hosts`,
  };
}

/** The environment variables that the pod's program reads. */
export function podVariables({ daemonSet, registry }: NodeDaemonSetPlan) {
  const { runtime, namespace, hostsEntry } = daemonSet;
  const { host, url } = registry;
  const { name, port = url.startsWith("https:") ? 443 : 80 } = splitHost(host);
  const ca = trustFiles(runtime, registry).find(({ key }) => key === "ca.crt");
  const address = hostsEntry !== undefined && isIPv6(hostsEntry) ? `[${hostsEntry}]` : hostsEntry;
  return {
    runtime,
    registry_name: name,
    registry_urls: urlsOf(runtime, registry).join(" "),
    ca: ca?.path ?? "",
    hosts_line: hostsEntry === undefined ? "" : hostsLine(hostsEntry, name).trimEnd(),
    hosts_mark: `# container-registry ${namespace}/${daemonSetName(host)}`,
    resolve: address === undefined ? "" : `${name}:${port}:${address}`,
    period: String(periodSeconds),
    retry: String(retrySeconds),
    namespace,
    daemon_set: daemonSetName(host),
    trust: trustDirectories[runtime],
    state: stateDirectory(daemonSet, host),
    root: inPod.node,
    program: inPod.config,
    config: inPod.config,
    scratch: inPod.scratch,
    account: inPod.account,
  };
}

/** The pods' spec. `configMap` is the name of their ConfigMap. */
export function podSpec(plan: NodeDaemonSetPlan, configMap: string) {
  const { daemonSet, registry } = plan;
  const name = daemonSetName(registry.host);
  const paths = nodePaths(daemonSet, registry.host);
  return {
    serviceAccountName: name,
    // The pods run on every Linux node, whatever its taints. Their priority is high, since other pods pull from the
    // registry.
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ operator: "Exists" }],
    priorityClassName: "system-node-critical",
    // The pod resolves names as the node's runtime does, not as other pods do.
    dnsPolicy: "Default",
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    // An enforcing SELinux lets containers write below /etc only with the type spc_t.
    securityContext: { seccompProfile: { type: "RuntimeDefault" }, seLinuxOptions: { type: "spc_t" } },
    containers: [
      {
        name: "trust",
        image: daemonSet.image.reference,
        imagePullPolicy: "IfNotPresent",
        command: ["sh", `${inPod.config}/main.sh`, "run"],
        env: setVariables(plan),
        securityContext: {
          // Root owns the files on the node. The pod has none of root's capabilities.
          runAsUser: 0,
          runAsGroup: 0,
          capabilities: { drop: ["ALL"] },
          privileged: false,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
        },
        resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
        readinessProbe: {
          exec: { command: ["sh", `${inPod.config}/main.sh`, "ready"] },
          periodSeconds: retrySeconds,
          timeoutSeconds: 5,
          failureThreshold: 1,
        },
        volumeMounts: [
          { name: "config", mountPath: inPod.config, readOnly: true },
          { name: "scratch", mountPath: inPod.scratch },
          ...paths.map(({ name, path, more }) => ({ name, mountPath: inPod.node + path, ...more })),
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: configMap } },
      { name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "4Mi" } },
      ...paths.map(({ name, path, type }) => ({ name, hostPath: { path, type } })),
    ],
  };
}

type NodePath = {
  name: string;
  path: string;
  type: "DirectoryOrCreate" | "FileOrCreate";
  more?: { readOnly: true };
};

// Empty values are left out: Kubernetes does not store them, so every preview would show them as new.
function setVariables(plan: NodeDaemonSetPlan) {
  return Object.entries(podVariables(plan))
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ({ name, value }));
}

/** The node's paths that are mounted into the pod. */
function nodePaths(daemonSet: NodeDaemonSet, host: string): NodePath[] {
  const directory = (name: string, path: string) => ({ name, path, type: "DirectoryOrCreate" }) as const;
  return [
    // The pod checks in /etc/containerd that containerd reads certs.d. This mount comes first, since certs.d is mounted
    // below it.
    ...(daemonSet.runtime === "containerd"
      ? [{ ...directory("containerd", "/etc/containerd"), more: { readOnly: true } } as const]
      : []),
    directory("trust", trustDirectories[daemonSet.runtime]),
    directory("state", stateDirectory(daemonSet, host)),
    ...(daemonSet.hostsEntry === undefined
      ? []
      : [{ name: "hosts", path: "/etc/hosts", type: "FileOrCreate" } as const]),
  ];
}

function stateDirectory({ namespace }: NodeDaemonSet, host: string): string {
  return `/var/lib/container-registry/${namespace}-${daemonSetName(host)}`;
}
