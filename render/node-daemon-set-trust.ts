import type { DaemonSetRuntime } from "../settings/node-daemon-set.ts";
import { hostsToml } from "./hosts-toml.ts";
import { registryDirectory } from "./registry-directory.ts";
import type { TrustedRegistry } from "./trusted-registry.ts";

/** A file on a node, by its key in the ConfigMap. */
export type TrustFile = { key: string; path: string; text: string };

/** The directories that each runtime reads for every pull. */
export const trustDirectories = {
  containerd: "/etc/containerd/certs.d",
  // `current` is a link to the snap's revision. A refresh copies the files to the next revision.
  microk8s: "/var/snap/microk8s/current/args/certs.d",
  "cri-o": "/etc/containers/certs.d",
  docker: "/etc/docker/certs.d",
} as const satisfies Record<DaemonSetRuntime, string>;

/**
 * The files that make a node's runtime trust the registry; none where a public CA signed and the runtime needs no
 * hosts.toml.
 */
export function trustFiles(runtime: DaemonSetRuntime, registry: TrustedRegistry): TrustFile[] {
  const { host, aliases, nodeUrls: urls, ca } = registry;
  const file = (directory: string, name: string, text: string, key = name) => ({
    key,
    path: `${trustDirectories[runtime]}/${directory}/${name}`,
    text,
  });
  const caFiles = (directory: string, key?: string) => (ca === "" ? [] : [file(directory, "ca.crt", ca, key)]);
  const directoryOf = (name: string, suffix = "") => {
    const toml = hostsToml({ host: name, urls, caFile: ca === "" ? undefined : "ca.crt" });
    const directory = registryDirectory(name);
    // The CA's file is written first, since every pull fails while hosts.toml names a missing file.
    return [...caFiles(directory, `ca.crt${suffix}`), file(directory, "hosts.toml", toml, `hosts.toml${suffix}`)];
  };
  switch (runtime) {
    case "containerd":
    case "microk8s":
      return [...directoryOf(host), ...aliases.flatMap((alias) => directoryOf(alias, `.${registryDirectory(alias)}`))];
    case "cri-o":
    case "docker":
      return caFiles(host);
  }
}

/**
 * The URLs that a node pulls from. Docker and CRI-O get only the registry's own URL: they must reload to use other
 * URLs, and a pod cannot make them reload.
 */
export function urlsOf(runtime: DaemonSetRuntime, { url, nodeUrls }: TrustedRegistry): readonly string[] {
  return runtime === "containerd" || runtime === "microk8s" ? nodeUrls : [url];
}
