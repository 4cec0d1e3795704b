import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import { labels, names } from "../../render/cluster-registry/names.ts";
import { serviceMonitorCrd, serviceMonitorSpec } from "../../render/cluster-registry/service-monitor.ts";
import type { Monitoring } from "../../settings/monitoring.ts";
import type { Credentials } from "../account-credentials.ts";
import { requiredCrd } from "../required-crd.ts";
import type { Target } from "./target.ts";

/** Has the cluster's Prometheus read the registry's metrics, with the password of the account that may. */
export function createServiceMonitor(
  { serviceMonitor }: Monitoring,
  credentials: pulumi.Output<Credentials>,
  { name, namespace, options }: Target,
): void {
  if (serviceMonitor === undefined) return;
  const secret = new Secret(
    `${name}-metrics`,
    { metadata: { name: names.metrics, namespace, labels }, stringData: credentials },
    options,
  );
  new CustomResource(
    `${name}-service-monitor`,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: names.service, namespace, labels: { ...serviceMonitor.labels, ...labels } },
      spec: serviceMonitorSpec(),
    },
    { ...options, dependsOn: [secret, requiredCrd(serviceMonitorCrd.crd, serviceMonitorCrd, options)] },
  );
}
