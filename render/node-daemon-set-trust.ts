import type { DaemonSetRuntime } from "../settings/node-daemon-set.ts";
import { hostsToml } from "./hosts-toml.ts";
import { registryDirectory } from "./registry-directory.ts";

export type TrustedRegistry = {
  /** `HOST[:PORT]`. */
  host: string;
  /** With its scheme. */
  url: string;
  /** PEM. Empty where a public authority signed. */
  ca: string;
};

/** A file on a node, by its key in the ConfigMap. */
export type TrustFile = { key: string; path: string; text: string };

/** Where each runtime looks, for every pull, for what it is to know of a registry. */
export const trustDirectories = {
  containerd: "/etc/containerd/certs.d",
  // A link to the snap's revision. A refresh copies what is there to the next one.
  microk8s: "/var/snap/microk8s/current/args/certs.d",
  "cri-o": "/etc/containers/certs.d",
  docker: "/etc/docker/certs.d",
} as const satisfies Record<DaemonSetRuntime, string>;

/** The files that make a node's runtime trust the registry. None where it needs none. */
export function trustFiles(runtime: DaemonSetRuntime, registry: TrustedRegistry): TrustFile[] {
  const file = (directory: string, key: string, text: string) => ({
    key,
    path: `${trustDirectories[runtime]}/${directory}/${key}`,
    text,
  });
  const { host, url, ca } = registry;
  const authority = (directory: string) => (ca === "" ? [] : [file(directory, "ca.crt", ca)]);
  switch (runtime) {
    case "containerd":
    case "microk8s": {
      const toml = hostsToml({ host, url, caFile: ca === "" ? undefined : "ca.crt" });
      const directory = registryDirectory(host);
      // The CA first: a hosts.toml whose file is missing fails every pull.
      return [...authority(directory), file(directory, "hosts.toml", toml)];
    }
    case "cri-o":
    case "docker":
      return authority(host);
  }
}
