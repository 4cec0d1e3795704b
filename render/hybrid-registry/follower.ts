import { names } from "./ingress.ts";

export type Follower = {
  /** The container, as Docker's DNS names it. */
  container: string;
  namespace: string;
};

/** How long the Service may lead nowhere after the container came back with another address, in seconds. */
const pauseSeconds = 3;

/**
 * What a kind control plane runs: it asks Docker's DNS, which only nodes reach, and tells Kubernetes what is new. It has
 * the node's own kubeconfig, so nothing has to be given to it.
 */
export function followerScript({ container, namespace }: Follower): string {
  const patch = `{"endpoints":[{"addresses":["'"$address"'"],"conditions":{"ready":true}}]}`;
  return `#!/bin/sh
# Keeps the EndpointSlice ${namespace}/${names.slice} at the address of the container ${container}.
last=
while :; do
  address=$(getent ahostsv4 ${container} | awk '{ print $1; exit }')
  # Nothing while the container is away: it comes back.
  if [ -n "$address" ] && [ "$address" != "$last" ]; then
    kubectl --kubeconfig /etc/kubernetes/admin.conf patch endpointslice ${names.slice} --namespace ${namespace} \\
      --type merge --patch '${patch}' && last=$address
  fi
  sleep ${pauseSeconds}
done
`;
}

export function followerUnit(script: string): string {
  return `[Unit]
Description=Keeps a Service at the address of a container beside the cluster
StartLimitIntervalSec=0

[Service]
# While the container is away, its name is asked of whoever knows the internet's.
Environment="RES_OPTIONS=timeout:1 attempts:1"
ExecStart=/bin/sh ${script}
Restart=always
RestartSec=3

[Install]
WantedBy=multi-user.target
`;
}
