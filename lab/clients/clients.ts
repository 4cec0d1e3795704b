import type { Machine } from "../hosts/machine.ts";
import { crane } from "./crane.ts";
import { ctr } from "./ctr.ts";
import { curl } from "./curl.ts";
import { docker } from "./docker.ts";
import type { ClientName, RegistryClient } from "./registry-client.ts";
import { skopeo } from "./skopeo.ts";

export type { ClientName, Credentials, Outcome, RegistryClient } from "./registry-client.ts";

/**
 * The registry clients that people and nodes use. All run on a machine of kind `client`, and trust the CAs that `trust`
 * added.
 */
export const clients = { docker, skopeo, crane, ctr, curl } satisfies Record<ClientName, RegistryClient>;

/** Makes every client on a machine trust a registry's CA, each in its own way. */
export async function trust(machine: Machine, host: string, ca: string): Promise<void> {
  await machine.run(
    `for folder in /etc/docker/certs.d /etc/containers/certs.d /etc/containerd/certs.d; do
       mkdir -p "$folder/$1"; cat /dev/null >"$folder/$1/ca.crt"
     done
     tee /etc/docker/certs.d/"$1"/ca.crt /etc/containers/certs.d/"$1"/ca.crt /etc/containerd/certs.d/"$1"/ca.crt \\
       >/usr/local/share/ca-certificates/"$1".crt
     printf 'server = "https://%s"\\n[host."https://%s"]\\n  ca = "ca.crt"\\n' "$1" "$1" >/etc/containerd/certs.d/"$1"/hosts.toml
     update-ca-certificates >/dev/null 2>&1`,
    { args: [host], input: ca },
  );
}

/** Makes every client on a machine speak plain HTTP with a registry, each in its own way. */
export async function allowPlainHttp(machine: Machine, host: string): Promise<void> {
  await machine.run(
    `mkdir -p /etc/docker /etc/containers/registries.conf.d /etc/containerd/certs.d/"$1"
     printf '{"insecure-registries":["%s"]}\n' "$1" >/etc/docker/daemon.json
     systemctl reload docker
     # The reload is asynchronous.
     until docker info --format '{{json .RegistryConfig.IndexConfigs}}' | grep -qF "\\"$1\\":"; do sleep 0.1; done
     printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$1" >/etc/containers/registries.conf.d/plain-http.conf
     printf 'server = "http://%s"\n[host."http://%s"]\n' "$1" "$1" >/etc/containerd/certs.d/"$1"/hosts.toml`,
    { args: [host] },
  );
}
