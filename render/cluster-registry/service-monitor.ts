import { names, podLabels } from "./names.ts";

/** The Prometheus operator's ServiceMonitor, and the CRD that defines it. */
export const serviceMonitorCrd = {
  crd: "servicemonitors.monitoring.coreos.com",
  by: "Prometheus operator",
  installation: "https://prometheus-operator.dev/docs/getting-started/installation/",
};

/**
 * Reads the metrics of each pod with the account's password. The jobs have the names that the example's alarms and dashboard
 * ask for.
 * @see Prometheus operator: API reference, ServiceMonitorSpec
 */
export function serviceMonitorSpec() {
  const jobs = { registry: "registry", "registry-proxy": "proxy", "registry-stack": "stack" };
  return {
    selector: { matchLabels: podLabels },
    endpoints: Object.entries(jobs).map(([job, part]) => ({
      port: "plain",
      scheme: "http",
      path: `/metrics/${part}`,
      basicAuth: {
        username: { name: names.metrics, key: "username" },
        password: { name: names.metrics, key: "password" },
      },
      relabelings: [{ targetLabel: "job", replacement: job }],
    })),
  };
}
