/** A registry's names in image references, and who logs in there. */
export type RegistryLogin = {
  /** `HOST[:PORT]`, each. */
  hosts: readonly string[];
  username: string;
  password: string;
};

/** The type of a Secret that pods, and Flux, log in with. */
export const dockerConfigType = "kubernetes.io/dockerconfigjson";

/**
 * What such a Secret holds. A kubelet looks the image's registry up in it by name, whatever address its node then asks.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function dockerConfig({ hosts, username, password }: RegistryLogin): Record<string, string> {
  const login = { username, password, auth: Buffer.from(`${username}:${password}`).toString("base64") };
  const auths = Object.fromEntries(hosts.map((host) => [host, login]));
  return { ".dockerconfigjson": JSON.stringify({ auths }) };
}
