import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { names } from "./ingress.ts";

export type EndpointSync = {
  /** The name by which Docker's DNS resolves the proxy's container. */
  container: string;
  namespace: string;
  /** The subnets of the container's Docker network, as in `172.18.0.0/16`. */
  subnets: readonly string[];
};

/** The time between two checks of the container's address, in seconds. */
const pauseSeconds = 3;

const inSubnets = readFileSync(new URL("in-subnets.awk", import.meta.url), "utf8");

/**
 * The script of the endpoint sync, which runs on a kind control plane. It asks Docker's DNS, which only nodes reach,
 * for the container's address, and writes that to the EndpointSlice with the node's own kubeconfig.
 */
export function endpointSyncScript({ container, namespace, subnets }: EndpointSync): string {
  const endpoint = '{\\"addresses\\":[\\"$address\\"],\\"conditions\\":{\\"ready\\":true}}';
  return `#!/bin/sh
# Keeps the EndpointSlice ${namespace}/${names.slice} at the address of the container ${container}.
in_subnets='${inSubnets}'
last=unknown
while :; do
  # The dot at the end keeps the resolver from trying search domains, where a wildcard may lead to a foreign machine.
  address=$(getent ahosts ${container}. | awk -v subnets="${ofSliceFamily(subnets).join(" ")}" "$in_subnets")
  # No endpoint while the container is away: Docker may give its address to another container.
  endpoint=
  [ -z "$address" ] || endpoint="${endpoint}"
  if [ "$address" != "$last" ]; then
    kubectl --kubeconfig /etc/kubernetes/admin.conf patch endpointslice ${names.slice} --namespace ${namespace} \\
      --type merge --patch "{\\"endpoints\\":[$endpoint]}" && last=$address
  fi
  sleep ${pauseSeconds}
done
`;
}

/**
 * The subnets of the EndpointSlice's one address family: IPv4 if the network has it, as for the address that `up`
 * writes.
 */
function ofSliceFamily(subnets: readonly string[]): readonly string[] {
  const ipv4 = subnets.filter((subnet) => isIPv4(subnet.split("/")[0] ?? ""));
  return ipv4.length > 0 ? ipv4 : subnets;
}

export function endpointSyncUnit(script: string): string {
  return `[Unit]
Description=Keeps a Service at the address of a container beside the cluster
StartLimitIntervalSec=0

[Service]
# While the container is away, Docker's DNS passes the question on to the machine's resolvers.
Environment="RES_OPTIONS=timeout:1 attempts:1"
ExecStart=/bin/sh ${script}
Restart=always
RestartSec=3

[Install]
WantedBy=multi-user.target
`;
}
