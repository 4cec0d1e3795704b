import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../lab/cluster/cluster.ts";
import { registryImage } from "../../lab/images/registry-images.ts";
import { LabError } from "../../lab/lab-error.ts";
import { podLabels } from "../../render/cluster-registry/names.ts";

export type OwnService = AsyncDisposable & {
  /** Of distribution's own Service. */
  url: string;
  /** Of the Service that is added for the proxy's pods, without an Ingress. */
  proxyUrl: string;
};

/**
 * Starts distribution without a proxy in the cluster, on the registry's volume, with its own Service, and an Ingress of the
 * same controller for the name `host`, with TLS.
 */
export async function startOwnService(cluster: Cluster, namespace: string, host: string): Promise<OwnService> {
  const { tag } = await registryImage("registry");
  const toProxy = service(namespace, "proxy-alone", podLabels);
  const items = [deployment(namespace, tag), service(namespace, "alone", labels), toProxy, ingress(namespace, host)];
  const inNamespace = ["--namespace", namespace];
  await cluster.kubectl(["apply", "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await cluster.kubectl(["rollout", "status", "deployment/alone", ...inNamespace, "--timeout=60s"]);
  const [url, proxyUrl] = await Promise.all([urlOf("alone"), urlOf("proxy-alone")]);
  return {
    url,
    proxyUrl,
    // Deleted before the volume claim, which cannot be removed while a pod mounts it.
    [Symbol.asyncDispose]: async () => {
      await cluster.kubectl([
        "delete",
        "deployment/alone",
        "service/alone",
        "service/proxy-alone",
        "ingress/alone",
        ...inNamespace,
      ]);
    },
  };

  async function urlOf(name: string): Promise<string> {
    const address = "jsonpath={.status.loadBalancer.ingress[0].ip}";
    await cluster.kubectl(["wait", `--for=${address}`, `service/${name}`, ...inNamespace, "--timeout=30s"]);
    const url = `http://${await cluster.kubectl(["get", "service", name, ...inNamespace, "--output", address])}:5000`;
    await answers(url);
    return url;
  }
}

/** A Service has its address before kube-proxy forwards to it. */
async function answers(url: string): Promise<void> {
  for (let tries = 100; tries > 0; tries--) {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    if (response !== undefined) return;
    await sleep(100);
  }
  throw new LabError(`the Service does not answer at ${url}`);
}

const labels = { app: "alone" };

function deployment(namespace: string, image: string): object {
  const user = 10_001;
  const container = {
    name: "registry",
    image,
    // What the proxy's registry has too.
    env: Object.entries({
      OTEL_TRACES_EXPORTER: "none",
      OTEL_BSP_MAX_QUEUE_SIZE: "1",
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "0",
      REGISTRY_LOG_ACCESSLOG_DISABLED: "true",
      REGISTRY_HTTP_SECRET: "of the benchmark",
      GOGC: "400",
    }).map(([name, value]) => ({ name, value })),
    volumeMounts: [{ name: "storage", mountPath: "/var/lib/registry" }],
    readinessProbe: { httpGet: { path: "/", port: 5000 }, periodSeconds: 1 },
  };
  const pod = {
    securityContext: { runAsUser: user, runAsGroup: user, fsGroup: user },
    containers: [container],
    volumes: [{ name: "storage", persistentVolumeClaim: { claimName: "registry" } }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "alone", namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  };
}

function service(namespace: string, name: string, selector: object): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { type: "LoadBalancer", selector, ports: [{ port: 5000 }] },
  };
}

/** Traefik serves its default certificate for the name. */
function ingress(namespace: string, host: string): object {
  const backend = { service: { name: "alone", port: { number: 5000 } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "alone", namespace },
    spec: {
      ingressClassName: "traefik",
      tls: [{ hosts: [host] }],
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  };
}
