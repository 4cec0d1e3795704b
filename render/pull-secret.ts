/** The names of a registry in image references, and the account that logs in there. */
export type RegistryLogin = {
  /** The registry's hosts, each as `HOST[:PORT]`. */
  hosts: readonly string[];
  username: string;
  password: string;
};

/** The type of the Secret that kubelets and Flux log in to a registry with. */
export const dockerConfigType = "kubernetes.io/dockerconfigjson";

/**
 * The data of such a Secret. A kubelet finds the entry by the registry's name in the image, whatever address the node pulls from.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function dockerConfig({ hosts, username, password }: RegistryLogin): Record<string, string> {
  const login = { username, password, auth: Buffer.from(`${username}:${password}`).toString("base64") };
  const auths = Object.fromEntries(hosts.map((host) => [host, login]));
  return { ".dockerconfigjson": JSON.stringify({ auths }) };
}
