import type { Kubectl } from "../cluster/kubectl.ts";
import { installGenerated, removeGenerated } from "../go/generated-definitions.ts";

const prometheusOperator = {
  name: "prometheus-operator",
  module: "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring",
  version: "0.95.1",
  group: "monitoring.coreos.com",
  kinds: ["servicemonitors"],
};

/** Installs the Prometheus operator's CustomResourceDefinition of ServiceMonitors, and waits until it is established. */
export function installDefinitions(kubectl: Kubectl): Promise<void> {
  return installGenerated(kubectl, prometheusOperator);
}

/** Deletes the definition, which also deletes all ServiceMonitors. */
export function removeDefinitions(kubectl: Kubectl): Promise<void> {
  return removeGenerated(kubectl, prometheusOperator);
}
