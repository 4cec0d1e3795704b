/**
 * The directory of a registry below containerd's certs.d. With a port: `HOST_PORT_`, which containerd looks for before
 * `HOST:PORT`, so that nothing can shadow it.
 * @see containerd: core/remotes/docker/config/config_unix.go, hostPaths
 */
export function registryDirectory(host: string): string {
  return host.replace(/:(\d+)$/, "_$1_");
}
