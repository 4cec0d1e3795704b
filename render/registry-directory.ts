/**
 * The directory of a registry below containerd's certs.d. With a port it is `HOST_PORT_`, which containerd prefers to
 * `HOST:PORT`.
 * @see containerd: core/remotes/docker/config/config_unix.go, hostPaths
 */
export function registryDirectory(host: string): string {
  return host.replace(/:(\d+)$/, "_$1_");
}
