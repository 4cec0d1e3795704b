/**
 * What Docker's daemon.json says of a registry that is served without TLS. Never of another: Docker would stop looking
 * for its CA.
 * @see https://docs.docker.com/reference/cli/dockerd/#insecure-registries
 */
export function insecureRegistry(host: string): string {
  return `${JSON.stringify({ "insecure-registries": [host] })}\n`;
}
