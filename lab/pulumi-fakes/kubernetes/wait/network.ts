import type { PropertyValue } from "../../plugin/property.ts";
import { isNotFound } from "../api/transport.ts";
import { field, type KubeObject, listField, mapField, nameOf, namespaceOf, textField } from "../object.ts";
import type { Circumstances, Look } from "./look.ts";

/** How long endpoints may take to appear. */
const graceMs = 10_000;

/**
 * A Service is ready with an address (type LoadBalancer) and ready endpoints. The official provider waits ten seconds for
 * endpoints in any case; this fake continues as soon as one is ready and none is pending.
 */
export async function serviceReady(live: KubeObject, circumstances: Circumstances): Promise<Look> {
  const isBalanced = textField(live, "spec", "type") === "LoadBalancer";
  const addressed = !isBalanced || listField(live, "status", "loadBalancer", "ingress").length > 0;
  const unaddressed = addressed
    ? []
    : ["Service was not allocated an IP address; does your cloud provider support this?"];
  if (!targetsPods(live)) return { ready: addressed, status: "Waiting for an address", problems: unaddressed };

  const { ready, pending } = await endpointsOf(live, circumstances);
  const graceOver = circumstances.waitedMs > graceMs;
  const untargeted =
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods";
  return {
    ready: addressed && !pending && (ready || graceOver),
    status: "Finding Pods to direct traffic to",
    problems: [...(ready ? [] : [untargeted]), ...unaddressed],
  };
}

function targetsPods(service: KubeObject): boolean {
  const headless = textField(service, "spec", "clusterIP") === "None";
  const external = textField(service, "spec", "type") === "ExternalName";
  return !headless && !external && Object.keys(mapField(service, "spec", "selector")).length > 0;
}

async function endpointsOf(
  service: KubeObject,
  { cluster }: Circumstances,
): Promise<{ ready: boolean; pending: boolean }> {
  const name = { apiVersion: "v1", kind: "Endpoints", namespace: namespaceOf(service), name: nameOf(service) };
  const subsets = listField(await cluster.get(name).catch(nothing), "subsets");
  const some = (key: string) => subsets.some((subset) => listField(subset, key).length > 0);
  return { ready: some("addresses"), pending: some("notReadyAddresses") };
}

/** An Ingress is ready with an address and a Service behind each path. */
export async function ingressReady(live: KubeObject, circumstances: Circumstances): Promise<Look> {
  const addressed = listField(live, "status", "loadBalancer", "ingress").length > 0;
  const missing = await missingBackends(live, circumstances);
  const graceOver = circumstances.waitedMs > graceMs;
  const unaddressed =
    "Ingress .status.loadBalancer field was not updated with a hostname/IP address. \n    for more information about this error, see https://pulumi.io/xdv72s";
  return {
    ready: addressed && (missing.length === 0 || graceOver),
    status: addressed ? "Finding a matching service for each Ingress path" : "Waiting for an address",
    problems: [
      ...missing.map((name) => `No matching service found for ingress rule: ${name}`),
      ...(addressed ? [] : [unaddressed]),
    ],
  };
}

async function missingBackends(ingress: KubeObject, { cluster }: Circumstances): Promise<string[]> {
  const paths = listField(ingress, "spec", "rules").flatMap((rule) => listField(rule, "http", "paths"));
  const names = new Set(paths.map(backendOf).filter((name) => name !== ""));
  const namespace = namespaceOf(ingress);
  const found = await Promise.all(
    [...names].map(async (name) => {
      const get = (kind: string) => cluster.get({ apiVersion: "v1", kind, namespace, name }).catch(nothing);
      const [endpoints, service] = [await get("Endpoints"), await get("Service")];
      const there = field(endpoints, "metadata") !== undefined || textField(service, "spec", "type") === "ExternalName";
      return there ? [] : [name];
    }),
  );
  return found.flat();
}

function backendOf(path: PropertyValue): string {
  return textField(path, "backend", "service", "name");
}

function nothing(error: unknown): KubeObject {
  if (isNotFound(error)) return {};
  throw error;
}
