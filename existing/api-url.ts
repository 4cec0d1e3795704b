/**
 * The host that serves the images named `docker.io/…`, and Docker Hub's API. Every client has this host name built in.
 */
const dockerHub = "registry-1.docker.io";

/** The URL of the API of the registry at `url`: the same, except for Docker Hub. */
export function apiUrl(url: string): string {
  return new URL(url).host === "docker.io" ? `https://${dockerHub}` : url;
}
