import type { DaemonSetRuntime } from "../settings/node-daemon-set.ts";
import { hostsToml } from "./hosts-toml.ts";
import { registryDirectory } from "./registry-directory.ts";

export type TrustedRegistry = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** What else they are named by. */
  aliases: readonly string[];
  /** Where its name leads, scheme included. */
  url: string;
  /** Where nodes find it, in the order they try. */
  nodeUrls: readonly string[];
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
  const { host, aliases, nodeUrls: urls, ca } = registry;
  const file = (directory: string, name: string, text: string, key = name) => ({
    key,
    path: `${trustDirectories[runtime]}/${directory}/${name}`,
    text,
  });
  const authority = (directory: string, key?: string) => (ca === "" ? [] : [file(directory, "ca.crt", ca, key)]);
  const directoryOf = (name: string, suffix = "") => {
    const toml = hostsToml({ host: name, urls, caFile: ca === "" ? undefined : "ca.crt" });
    const directory = registryDirectory(name);
    // The CA first: a hosts.toml whose file is missing fails every pull.
    return [...authority(directory, `ca.crt${suffix}`), file(directory, "hosts.toml", toml, `hosts.toml${suffix}`)];
  };
  switch (runtime) {
    case "containerd":
    case "microk8s":
      return [...directoryOf(host), ...aliases.flatMap((alias) => directoryOf(alias, `.${registryDirectory(alias)}`))];
    case "cri-o":
    case "docker":
      return authority(host);
  }
}

/** Where its nodes ask for the registry. What is more than a CA, Docker and CRI-O would be told by a signal. */
export function urlsOf(runtime: DaemonSetRuntime, { url, nodeUrls }: TrustedRegistry): readonly string[] {
  return runtime === "containerd" || runtime === "microk8s" ? nodeUrls : [url];
}
