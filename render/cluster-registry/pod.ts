import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { garbageCollection, noTracing, openFiles } from "../process-environment.ts";
import { proxyFiles } from "../proxy/proxy-config.ts";
import { restrictedPod } from "../restricted-pod.ts";
import { proxyEndsTls } from "./exposure.ts";
import { names, podLabels, ports, storageRoot, tlsSecretName, uiRoot } from "./names.ts";
import { rolls } from "./rollout.ts";

export type PodNames = {
  /** The ConfigMap with the Caddyfile. */
  proxyConfig: string;
  /** The Secret with distribution's config.yml. */
  registryConfig: string;
  /** The ConfigMap with the builtin UI's files. @default none */
  ui?: string;
  /** Where the pod prefers to run. @default anywhere */
  affinity?: object;
};

/** The user of all containers. No image defines one that is not root. */
export const user = 10_001;

/** Limits in MiB. */
const memoryMib = { registry: 512, proxy: 512 };

/** How long a terminating pod still gets new requests, in seconds. After that, every node has stopped sending them. */
const lateSeconds = 5;

/**
 * How much later than the proxy distribution stops, in seconds, so that distribution answers the proxy's last requests.
 */
const aheadSeconds = 3;

/**
 * The pod's termination grace period, in seconds: uploads may continue for 300 s. Without uploads the pod stops
 * earlier.
 */
const endSeconds = 300 + lateSeconds + aheadSeconds;

/** The security settings of every pod that mounts the volume, within the pod security standard `restricted`. */
export const podSecurity = restrictedPod(user, {
  fsGroup: user,
  // Without this policy, every start of a pod changes the owner of all files in the volume.
  fsGroupChangePolicy: "OnRootMismatch",
});

/** The pod: distribution on loopback, the proxy beside it. */
export function podSpec(variant: ClusterVariant, configs: PodNames) {
  return {
    ...podSecurity,
    terminationGracePeriodSeconds: endSeconds,
    ...(configs.affinity && { affinity: configs.affinity }),
    ...(variant.replicas > 1 && { topologySpreadConstraints: [onSeveralNodes] }),
    containers: [registry(variant), proxy(variant, configs)],
    volumes: volumes(variant, configs),
  };
}

const onSeveralNodes = {
  maxSkew: 1,
  topologyKey: "kubernetes.io/hostname",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: podLabels },
};

function registry(variant: ClusterVariant) {
  return {
    name: "registry",
    image: variant.images.registry.reference,
    imagePullPolicy: "IfNotPresent",
    env: variables({ ...noTracing, ...garbageCollection(memoryMib.registry) }),
    ...confined(memoryMib.registry),
    // The probes check that distribution listens, not that its storage answers. If the probes checked the
    // storage, its failure would leave no ready pod, and clients would get no error response.
    startupProbe: { exec: { command: listens }, periodSeconds: 1, failureThreshold: 60 },
    livenessProbe: { exec: { command: listens }, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 },
    lifecycle: sleepFirst((rolls(variant) ? lateSeconds : 0) + aheadSeconds),
    volumeMounts: [
      { name: "registry-config", mountPath: "/etc/distribution", readOnly: true },
      ...(variant.storage.kind === "volume" ? [{ name: "storage", mountPath: storageRoot }] : []),
    ],
  };
}

const listens = ["sh", "-c", `nc -w 3 127.0.0.1 ${ports.registry} </dev/null`];

function proxy(variant: ClusterVariant, { ui }: PodNames) {
  return {
    name: "proxy",
    image: variant.images.proxy.reference,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "/etc/caddy/proxy.sh"],
    env: variables({ ...garbageCollection(memoryMib.proxy), OPEN_FILES: String(openFiles(memoryMib.proxy)) }),
    // The image's binary has this file capability, and the kernel does not start it in a container without it.
    ...confined(memoryMib.proxy, ["NET_BIND_SERVICE"]),
    ports: [
      { name: "plain", containerPort: ports.plain },
      ...(proxyEndsTls(variant) ? [{ name: "tls", containerPort: ports.tls }] : []),
    ],
    readinessProbe: { tcpSocket: { port: "plain" }, periodSeconds: 2 },
    livenessProbe: { tcpSocket: { port: "plain" }, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 },
    ...(rolls(variant) && { lifecycle: sleepFirst(lateSeconds) }),
    volumeMounts: [
      { name: "proxy-config", mountPath: "/etc/caddy", readOnly: true },
      { name: "run", mountPath: "/run/caddy" },
      { name: "scratch", mountPath: "/config", subPath: "config" },
      { name: "scratch", mountPath: "/data", subPath: "data" },
      ...(variant.storage.kind === "volume" ? [{ name: "storage", mountPath: storageRoot, readOnly: true }] : []),
      ...(ui === undefined ? [] : [{ name: "ui", mountPath: uiRoot, readOnly: true }]),
    ],
  };
}

/** The security settings and memory limit of a container, within the pod security standard `restricted`. */
export function confined(memoryMib: number, capabilities: string[] = []) {
  return {
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], ...(capabilities.length > 0 && { add: capabilities }) },
    },
    resources: {
      requests: { cpu: "50m", memory: `${memoryMib / 4}Mi` },
      limits: { memory: `${memoryMib}Mi` },
    },
  };
}

function variables(values: Record<string, string>) {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function sleepFirst(seconds: number) {
  return { preStop: { exec: { command: ["sleep", String(seconds)] } } };
}

function volumes(variant: ClusterVariant, { proxyConfig, registryConfig, ui }: PodNames) {
  const belowConfig = (path: string) => path.slice("/etc/caddy/".length);
  const certificate = {
    name: tlsSecretName(variant.tls),
    items: [
      { key: "tls.crt", path: belowConfig(proxyFiles.certificate) },
      { key: "tls.key", path: belowConfig(proxyFiles.key) },
    ],
  };
  return [
    {
      name: "proxy-config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: proxyConfig } },
          { configMap: { name: names.rights } },
          {
            secret: {
              name: names.accounts,
              items: [{ key: "accounts.caddy", path: belowConfig(proxyFiles.accounts) }],
            },
          },
          ...(proxyEndsTls(variant) ? [{ secret: certificate }] : []),
        ],
      },
    },
    { name: "registry-config", secret: { secretName: registryConfig, defaultMode: 0o440 } },
    { name: "run", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
    { name: "scratch", emptyDir: { sizeLimit: "64Mi" } },
    ...(variant.storage.kind === "volume"
      ? [{ name: "storage", persistentVolumeClaim: { claimName: names.claim } }]
      : []),
    ...(ui === undefined ? [] : [{ name: "ui", configMap: { name: ui } }]),
  ];
}
