/**
 * The entry in Docker's daemon.json for a registry without TLS. Not for others: Docker would accept any certificate of
 * theirs.
 * @see https://docs.docker.com/reference/cli/dockerd/#insecure-registries
 */
export function insecureRegistry(host: string): string {
  return `${JSON.stringify({ "insecure-registries": [host] })}\n`;
}
